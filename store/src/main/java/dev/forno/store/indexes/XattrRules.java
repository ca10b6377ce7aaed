package dev.forno.store.indexes;

import dev.forno.linux.files.FileNames;
import dev.forno.store.archives.EntryNames;
import dev.forno.store.archives.WhiteoutNames;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which extended attributes a file gets: those that the kernel would have set when the archive was extracted to a disk.
 * What it refuses for the kind of file or the kind of attribute is left out, what it calls invalid refuses the entry.
 */
final class XattrRules {
    static final String USER = "user.";
    static final String TRUSTED = "trusted.";
    static final String SECURITY = "security.";
    static final String ACL_ACCESS = "system.posix_acl_access";
    static final String ACL_DEFAULT = "system.posix_acl_default";

    /** The largest value that EROFS can express; the kernel itself allows one byte more. */
    private static final int MAX_VALUE = 65535;

    /** What the 16-bit field for the size of an inode's attributes can say, less room for alignment. */
    private static final int MAX_TOTAL = 192 << 10;

    private XattrRules() {}

    /** Sets attributes on a node, in their order. */
    static void apply(SortedMap<String, byte[]> xattrs, Node node, String entry) {
        if (xattrs.isEmpty()) {
            return;
        }
        SortedMap<String, byte[]> result = new TreeMap<>(node.xattrs);
        for (Map.Entry<String, byte[]> e : xattrs.entrySet()) {
            if (belongs(e.getKey(), node.kind)) {
                check(e.getKey(), e.getValue(), entry);
                set(result, e.getKey(), e.getValue(), node, entry);
            }
        }
        long total = result.entrySet().stream()
                .mapToLong(e -> 8L + FileNames.encode(e.getKey()).length + e.getValue().length)
                .sum();
        if (total > MAX_TOTAL) {
            throw EntryNames.refused(entry, "its extended attributes have more than " + MAX_TOTAL + " bytes");
        }
        node.xattrs = result;
    }

    /** Whether EROFS has a form for attributes of this name. */
    static boolean isKnown(String name) {
        return name.startsWith(USER)
                || name.startsWith(TRUSTED)
                || name.startsWith(SECURITY)
                || name.equals(ACL_ACCESS)
                || name.equals(ACL_DEFAULT);
    }

    private static boolean belongs(String name, EntryKind kind) {
        if (WhiteoutNames.isOverlayAttribute(name)) {
            return false;
        }
        if (name.startsWith(USER)) {
            return kind == EntryKind.FILE || kind == EntryKind.DIRECTORY;
        }
        if (name.equals(ACL_ACCESS) || name.equals(ACL_DEFAULT)) {
            return kind != EntryKind.SYMLINK;
        }
        return name.startsWith(TRUSTED) || name.startsWith(SECURITY);
    }

    private static void check(String name, byte[] value, String entry) {
        EntryNames.requireXattr(name, value, MAX_VALUE, entry);
        if (name.indexOf('.') == name.length() - 1) {
            throw EntryNames.refused(entry, "the extended attribute \"" + name + "\" has no valid name");
        }
        if (name.equals("security.capability") && value.length > 0 && !isCapability(value)) {
            throw invalid(name, entry);
        }
    }

    /** The two revisions in use: 20 bytes, or 24 with the user namespace's root (capabilities(7)). */
    private static boolean isCapability(byte[] value) {
        int revision = value.length >= 4 ? value[3] : 0;
        return (value.length == 20 && revision == 2) || (value.length == 24 && revision == 3);
    }

    private static void set(SortedMap<String, byte[]> result, String name, byte[] value, Node node, String entry) {
        boolean access = name.equals(ACL_ACCESS);
        if (!access && !name.equals(ACL_DEFAULT)) {
            result.put(name, value);
            return;
        }
        if (AccessList.isForeign(value)) {
            return;
        }
        if (value.length == 0 || value.length == 4) {
            result.remove(name); // an empty list takes the one that is there away
            return;
        }
        AccessList list = AccessList.parse(value);
        if (list == null || (!access && !node.isDirectory())) {
            throw invalid(name, entry);
        }
        if (access) {
            node.mode = (node.mode & ~0777) | list.permissions();
        }
        if (access && list.plain()) {
            result.remove(name);
        } else {
            result.put(name, value);
        }
    }

    private static RuntimeException invalid(String name, String entry) {
        return EntryNames.refused(entry, "the extended attribute \"" + name + "\" is not valid");
    }
}
