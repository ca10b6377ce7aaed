package dev.forno.linux.files;

import java.time.Instant;

/**
 * A file's attributes, as statx(2) gives them.
 *
 * @param mode the permission bits with setuid, setgid and sticky, without the type
 * @param size the length in bytes
 * @param blocks the disk space in units of 512 bytes
 * @param links the number of hard links
 * @param device the file system's device number, which makes {@code inode} unique
 * @param major the major number when it is a device
 * @param minor the minor number when it is a device
 * @param mountId the mount it was reached through, as in mountinfo
 */
public record FileStat(
        FileType type,
        int mode,
        int uid,
        int gid,
        long size,
        long blocks,
        int links,
        long inode,
        long device,
        int major,
        int minor,
        Instant accessed,
        Instant modified,
        Instant changed,
        long mountId) {
    /** Whether it is a directory. */
    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    /** Whether it is a regular file. */
    public boolean isFile() {
        return type == FileType.FILE;
    }

    /** Whether it is a symbolic link. */
    public boolean isSymlink() {
        return type == FileType.SYMLINK;
    }
}
