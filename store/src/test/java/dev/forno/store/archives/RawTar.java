package dev.forno.store.archives;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Puts together archives block by block, also ones that no writer would make. */
public final class RawTar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** An empty archive. */
    public RawTar() {}

    public RawTar entry(String name, char type, long size) {
        TarBlock block = block(name, type, size);
        block.put(TarBlock.MAGIC, "ustar\00000".getBytes(UTF_8));
        block.seal();
        out.writeBytes(block.bytes);
        return this;
    }

    public RawTar v7(String name, long size) {
        TarBlock block = block(name, '\0', size);
        block.seal();
        out.writeBytes(block.bytes);
        return this;
    }

    public RawTar link(String name, char type, String target) {
        TarBlock block = block(name, type, 0);
        block.put(TarBlock.LINK_NAME, target.getBytes(UTF_8));
        block.put(TarBlock.MAGIC, "ustar\00000".getBytes(UTF_8));
        block.seal();
        out.writeBytes(block.bytes);
        return this;
    }

    private static TarBlock block(String name, char type, long size) {
        TarBlock block = new TarBlock(new byte[TarBlock.SIZE]);
        block.put(TarBlock.NAME, name.getBytes(UTF_8));
        block.putNumber(TarBlock.MODE, 0644);
        block.putNumber(TarBlock.LENGTH, size);
        block.bytes[TarBlock.TYPE] = (byte) type;
        return block;
    }

    public RawTar special(char type, byte[] content) {
        entry("special", type, content.length);
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & 511]);
        return this;
    }

    public RawTar file(String name, String text) {
        byte[] content = text.getBytes(UTF_8);
        entry(name, '0', content.length);
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & 511]);
        return this;
    }

    public RawTar data(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    public byte[] end() {
        out.writeBytes(new byte[1024]);
        return bytes();
    }
}
