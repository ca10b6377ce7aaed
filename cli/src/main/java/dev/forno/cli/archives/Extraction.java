package dev.forno.cli.archives;

import dev.forno.linux.files.Fd;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.FileType;
import dev.forno.linux.files.Flags;
import dev.forno.linux.files.Root;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Takes an archive apart below a directory; nothing in it can name or reach a file outside. */
public final class Extraction {
    private Extraction() {}

    /**
     * Extracts an archive.
     *
     * @param directory where to
     * @param from the first name of every entry's path
     * @param to what it is replaced with, empty to drop it
     * @param owners whether owners are kept
     */
    public static void run(TarReader archive, Path directory, String from, String to, boolean owners)
            throws IOException {
        Map<String, TarEntry> directories = new LinkedHashMap<>();
        try (Root root = Root.open(directory)) {
            for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
                String name = rebase(entry.name(), from, to);
                if (name.isEmpty()) {
                    continue;
                }
                extract(root, archive, entry, name, from, to);
                if (owners) {
                    root.chown(name, entry.uid(), entry.gid());
                }
                if (entry.type() == TarEntry.Type.DIRECTORY) {
                    directories.put(name, entry);
                } else if (entry.type() != TarEntry.Type.HARD_LINK) {
                    finish(root, name, entry);
                }
            }
            // last, as every file put into a directory changes its time, and it may be read-only
            for (Map.Entry<String, TarEntry> entry : directories.entrySet()) {
                finish(root, entry.getKey(), entry.getValue());
            }
        }
    }

    static String rebase(String name, String from, String to) {
        String plain = name.startsWith("./") ? name.substring(2) : name;
        if (from.equals(".")) {
            String rest = plain.equals(".") ? "" : plain;
            return to.isEmpty() ? rest : rest.isEmpty() ? to : to + "/" + rest;
        }
        if (plain.equals(from)) {
            return to;
        }
        String rest = plain.startsWith(from + "/") ? plain.substring(from.length() + 1) : plain;
        return to.isEmpty() ? rest : to + "/" + rest;
    }

    private static void extract(Root root, TarReader archive, TarEntry entry, String name, String from, String to)
            throws IOException {
        Optional<FileStat> existing = root.find(name);
        boolean directory = entry.type() == TarEntry.Type.DIRECTORY;
        if (existing.isPresent()) {
            boolean wasDirectory = existing.get().type() == FileType.DIRECTORY;
            if (wasDirectory && directory) {
                return;
            }
            if (wasDirectory) {
                throw new IOException("cannot overwrite directory \"" + name + "\" with non-directory");
            }
            if (directory) {
                throw new IOException("cannot overwrite non-directory \"" + name + "\" with directory");
            }
            root.unlink(name);
        }
        switch (entry.type()) {
            case DIRECTORY -> root.mkdir(name, 0700);
            case SYMLINK -> root.symlink(entry.link(), name);
            case HARD_LINK -> root.link(rebase(entry.link(), from, to), name);
            case FIFO -> root.mknod(name, 0010000 | entry.mode(), 0, 0);
            case CHARACTER_DEVICE, BLOCK_DEVICE ->
                throw new IOException("extract " + name + ": devices are not copied");
            case FILE -> {
                try (Fd fd = root.open(name, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL, 0600);
                        InputStream content = archive.content();
                        OutputStream out = fd.output()) {
                    content.transferTo(out);
                }
            }
        }
    }

    private static void finish(Root root, String name, TarEntry entry) throws IOException {
        if (entry.type() != TarEntry.Type.SYMLINK) {
            root.chmod(name, entry.mode());
        }
        root.setTimes(name, null, entry.modified());
    }
}
