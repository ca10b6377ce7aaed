package dev.forno.store.indexes;

/**
 * A piece of a file's content. Extents of a file ascend without overlap; what lies between them is a hole.
 *
 * @param at where the piece belongs in the file in bytes, a multiple of 512
 * @param length its bytes; a multiple of 512 unless it ends the file
 * @param extra whether it lies in the layer's extra file, not in its tar
 * @param offset where it lies there, a multiple of 512
 */
public record Extent(long at, long length, boolean extra, long offset) {}
