package dev.forno.store.indexes;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * One name in a layer's tree, as {@link LayerTree#forEach} shows it.
 *
 * @param path from the root of the tree without a leading slash; empty for the root itself
 * @param mode the permission bits with setuid, setgid and sticky
 * @param size the bytes of a file, holes included; else zero
 * @param target the target of a symbolic link, else empty
 * @param major the major number of a device
 * @param minor the minor number of a device
 * @param extents where a file's content lies
 * @param inode equal for the names of one file, unique in the tree otherwise
 * @param opaque whether a directory hides what layers below have in it
 * @param implied whether no entry of the layer described this directory, which only is the parent of others
 */
public record LayerEntry(
        String path,
        EntryKind kind,
        int mode,
        int uid,
        int gid,
        Instant modified,
        long size,
        String target,
        int major,
        int minor,
        SortedMap<String, byte[]> xattrs,
        List<Extent> extents,
        int inode,
        boolean opaque,
        boolean implied) {}
