package dev.forno.store.indexes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/** The superblock at byte 1024 with the device table that follows it (on-disk format, "Superblock"). */
final class ErofsSuperblock {
    private static final int AT = 1024;
    private static final int BYTES = 128;
    private static final int SLOT = 128;
    private static final int CHECKSUM_AT = 4;

    private static final long MAGIC = 0xE0F5E1E2L;
    private static final int COMPAT_CHECKSUM = 1;
    private static final int COMPAT_MTIME = 2;
    private static final int INCOMPAT_CHUNKED_FILE = 4;
    private static final int INCOMPAT_DEVICE_TABLE = 8;

    private ErofsSuperblock() {}

    /** Where the device table ends. */
    static long bytes(int devices) {
        return AT + BYTES + (long) SLOT * devices;
    }

    /** Writes everything up to the end of the device table, and on to the end of its block. */
    static void write(LittleEndian out, ErofsLayout layout, List<MergedTree.Device> devices, byte[] uuid)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LittleEndian table = new LittleEndian(bytes);
        superblock(table, layout, devices.size(), uuid);
        for (MergedTree.Device device : devices) {
            long end = table.position() + SLOT;
            table.zerosTo(table.position() + 64); // a tag
            table.u32((device.bytes() + ErofsIndex.BLOCK - 1) / ErofsIndex.BLOCK);
            table.zerosTo(end);
        }
        table.zerosTo(ErofsLayout.align(table.position()));
        table.flush();
        out.zerosTo(AT);
        out.bytes(sealed(bytes.toByteArray()));
    }

    private static void superblock(LittleEndian out, ErofsLayout layout, int devices, byte[] uuid) throws IOException {
        out.u32(MAGIC);
        out.u32(0); // the checksum
        out.u32(COMPAT_CHECKSUM | COMPAT_MTIME);
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
        out.zerosTo(BYTES);
    }

    /** Puts the checksum in: over the whole first block of the superblock, without the usual inversion at the end. */
    private static byte[] sealed(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, ErofsIndex.BLOCK);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(CHECKSUM_AT, ~(int) checksum.getValue());
        return bytes;
    }
}
