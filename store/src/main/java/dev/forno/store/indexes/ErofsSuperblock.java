package dev.forno.store.indexes;

import java.io.IOException;
import java.util.List;

/**
 * The superblock at byte 1024 with the device table that follows it (on-disk format, "Superblock"). It has no checksum:
 * fsck.erofs up to 1.8 crashes on one when blocks are smaller than 1024 bytes.
 */
final class ErofsSuperblock {
    private static final int AT = 1024;
    private static final int BYTES = 128;
    private static final int SLOT = 128;

    private static final long MAGIC = 0xE0F5E1E2L;
    private static final int COMPAT_MTIME = 2;
    private static final int INCOMPAT_CHUNKED_FILE = 4;
    private static final int INCOMPAT_DEVICE_TABLE = 8;

    private ErofsSuperblock() {}

    /** Where the device table ends. */
    static long bytes(int devices) {
        return AT + BYTES + (long) SLOT * devices;
    }

    /** Writes everything up to the end of the device table. */
    static void write(LittleEndian out, ErofsLayout layout, List<MergedTree.Device> devices, byte[] uuid)
            throws IOException {
        out.zerosTo(AT);
        superblock(out, layout, devices.size(), uuid);
        for (MergedTree.Device device : devices) {
            long end = out.position() + SLOT;
            out.zerosTo(out.position() + 64); // a tag
            out.u32((device.bytes() + ErofsIndex.BLOCK - 1) / ErofsIndex.BLOCK);
            out.zerosTo(end);
        }
    }

    private static void superblock(LittleEndian out, ErofsLayout layout, int devices, byte[] uuid) throws IOException {
        out.u32(MAGIC);
        out.u32(0); // no checksum
        out.u32(COMPAT_MTIME);
        out.u8(Chunks.MIN_BITS);
        out.u8(0); // no slots of extensions
        out.u16((int) layout.nid(layout.inodes.getFirst()));
        out.u64(layout.inodes.size());
        out.u64(layout.time.getEpochSecond());
        out.u32(layout.time.getNano());
        out.u32(layout.end / ErofsIndex.BLOCK);
        out.u32(layout.metaBlock());
        out.u32(layout.sharedAt / ErofsIndex.BLOCK);
        out.bytes(uuid);
        out.u64(0); // no name
        out.u64(0);
        boolean chunks = layout.inodes.stream().anyMatch(inode -> inode.layout == ErofsInode.CHUNKS);
        out.u32((chunks ? INCOMPAT_CHUNKED_FILE : 0) | (devices > 0 ? INCOMPAT_DEVICE_TABLE : 0));
        out.u16(0); // no compression
        out.u16(devices);
        out.u16((AT + BYTES) / SLOT);
        out.zerosTo(AT + BYTES);
    }
}
