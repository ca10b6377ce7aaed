package dev.forno.build.copies;

import dev.forno.linux.files.Root;

/** One source of a COPY or ADD, found. */
public sealed interface CopySource {
    /** The name that the source takes in a directory. */
    String name();

    /**
     * A file.
     *
     * @param path the path in {@code root}; a link is followed inside it
     * @param archive whether it is extracted when it is an archive
     */
    record File(Root root, String path, String name, boolean archive) implements CopySource {}

    /** A directory, whose content is copied; a link is followed inside {@code root}. */
    record Tree(Root root, String path, String name) implements CopySource {}

    /** A heredoc. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Inline(String name, byte[] content) implements CopySource {}
}
