package dev.forno.store.archives;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One entry's header. Names keep every byte: those that aren't valid UTF-8 are represented as
 * {@link dev.forno.linux.files.FileNames} does.
 *
 * @param name the path as the archive has it, without a trailing slash
 * @param mode the permission bits with setuid, setgid and sticky
 * @param size the length of the content in bytes, holes included; zero unless it is a file
 * @param modified the modification time, to the nanosecond
 * @param accessed the access time when the archive has it
 * @param linkName the target of a symbolic or hard link, else empty
 * @param major the major device number of a device
 * @param minor the minor device number of a device
 * @param xattrs extended attributes by name
 */
public record TarEntry(
        String name,
        TarType type,
        int mode,
        int uid,
        int gid,
        String userName,
        String groupName,
        long size,
        Instant modified,
        @Nullable Instant accessed,
        String linkName,
        int major,
        int minor,
        SortedMap<String, byte[]> xattrs) {
    /** Copies the attributes, so that an entry is immutable. */
    public TarEntry {
        xattrs = xattrs.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
    }

    /** A file of root's, with no link, device or attributes. */
    public static TarEntry file(String name, int mode, long size, Instant modified) {
        return plain(name, TarType.FILE, mode, size, modified, "");
    }

    /** A directory of root's. */
    public static TarEntry directory(String name, int mode, Instant modified) {
        return plain(name, TarType.DIRECTORY, mode, 0, modified, "");
    }

    /** A symbolic link of root's. */
    public static TarEntry symlink(String name, String target, Instant modified) {
        return plain(name, TarType.SYMLINK, 0777, 0, modified, target);
    }

    /** A further name of an earlier entry. */
    public static TarEntry hardLink(String name, String earlier, Instant modified) {
        return plain(name, TarType.HARD_LINK, 0644, 0, modified, earlier);
    }

    private static TarEntry plain(String name, TarType type, int mode, long size, Instant modified, String link) {
        return new TarEntry(
                name, type, mode, 0, 0, "", "", size, modified, null, link, 0, 0, Collections.emptySortedMap());
    }

    /** The same under another name. */
    public TarEntry withName(String newName) {
        return new TarEntry(
                newName, type, mode, uid, gid, userName, groupName, size, modified, accessed, linkName, major, minor,
                xattrs);
    }

    /** The same of another owner, whose names are left out. */
    public TarEntry withOwner(int newUid, int newGid) {
        return new TarEntry(
                name, type, mode, newUid, newGid, "", "", size, modified, accessed, linkName, major, minor, xattrs);
    }

    /** The same with other permission bits. */
    public TarEntry withMode(int newMode) {
        return new TarEntry(
                name, type, newMode, uid, gid, userName, groupName, size, modified, accessed, linkName, major, minor,
                xattrs);
    }

    /** The same with these extended attributes. */
    public TarEntry withXattrs(SortedMap<String, byte[]> attributes) {
        return new TarEntry(
                name,
                type,
                mode,
                uid,
                gid,
                userName,
                groupName,
                size,
                modified,
                accessed,
                linkName,
                major,
                minor,
                attributes);
    }

    /** Compares the attributes by their bytes. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TarEntry o
                && name.equals(o.name)
                && type == o.type
                && mode == o.mode
                && uid == o.uid
                && gid == o.gid
                && userName.equals(o.userName)
                && groupName.equals(o.groupName)
                && size == o.size
                && modified.equals(o.modified)
                && java.util.Objects.equals(accessed, o.accessed)
                && linkName.equals(o.linkName)
                && major == o.major
                && minor == o.minor
                && xattrs.keySet().equals(o.xattrs.keySet())
                && xattrs.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), o.xattrs.get(e.getKey())));
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + type.hashCode();
    }
}
