package dev.forno.cli.archives;

import java.time.Instant;

/**
 * The head of a tar entry.
 *
 * @param name the path, without a slash at its end
 * @param type what it is
 * @param mode permission bits
 * @param uid owner
 * @param gid group
 * @param size bytes of content
 * @param modified time of the last change
 * @param link target of a link, empty otherwise
 */
public record TarEntry(String name, Type type, int mode, int uid, int gid, long size, Instant modified, String link) {

    /** The kinds of entries that copies and contexts carry. */
    public enum Type {
        FILE('0'),
        HARD_LINK('1'),
        SYMLINK('2'),
        CHARACTER_DEVICE('3'),
        BLOCK_DEVICE('4'),
        DIRECTORY('5'),
        FIFO('6');

        final char flag;

        Type(char flag) {
            this.flag = flag;
        }

        static Type of(int flag) {
            for (Type type : values()) {
                if (type.flag == flag) {
                    return type;
                }
            }
            return FILE;
        }
    }

    /** This entry under another name. */
    TarEntry named(String other) {
        return new TarEntry(other, type, mode, uid, gid, size, modified, link);
    }
}
