package dev.forno.linux.mounts;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mounts EROFS images whose blocks lie in further files. Mounts are read-only; setuid bits are honoured, device nodes can
 * only be opened through an overlay above.
 */
public final class ErofsMount {
    private static final int MAX_STRING = 255;

    private ErofsMount() {}

    /** How the kernel gets at the files; the better first. */
    public enum Way {
        /** The kernel reads the files themselves (Linux 6.12). */
        FILE("file-backed"),
        /** Through read-only loop devices, which go by themselves when the mount goes. */
        LOOP("loop devices");

        private final String text;

        Way(String text) {
            this.text = text;
        }

        /** As users see it. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Whether reads bypass the page cache of the image and the devices, so that only the pages of the mounted files are
     * cached.
     */
    public enum Caching {
        /** The underlying files are cached as well. */
        BUFFERED,
        /** Reads of the underlying files go to the disk directly. */
        DIRECT
    }

    /**
     * Mounts {@code image} at {@code target}; unmounted by {@link Mounts#unmount}.
     *
     * @param devices the files that hold the blocks, in the order of the image's device table; may be empty
     * @param target a directory
     * @throws ErrnoException when this way doesn't work here, or the files aren't what the image wants; the message has
     *     what the kernel says
     */
    public static void mount(Way way, Path image, List<Path> devices, Path target, Caching caching)
            throws ErrnoException {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            switch (way) {
                case FILE -> mount(name(image, open), names(devices, open), target, caching);
                case LOOP -> mount(loop(image, caching, open), loops(devices, caching, open), target, Caching.BUFFERED);
            }
        } finally {
            close(open);
        }
    }

    private static void mount(String image, List<String> devices, Path target, Caching caching) throws ErrnoException {
        Optional<MountContext> opened = MountContext.open("erofs");
        if (opened.isEmpty()) {
            throw new ErrnoException("fsopen(\"erofs\")", ErrnoException.ENOSYS);
        }
        try (MountContext context = opened.get()) {
            context.set("source", image);
            for (String device : devices) {
                context.set("device", device);
            }
            if (caching == Caching.DIRECT) {
                context.set("directio");
            }
            context.set("ro");
            context.mount(target, MountContext.MOUNT_ATTR_RDONLY | MountContext.MOUNT_ATTR_NODEV);
        }
    }

    private static List<String> names(List<Path> files, List<AutoCloseable> open) throws ErrnoException {
        List<String> names = new ArrayList<>();
        for (Path file : files) {
            names.add(name(file, open));
        }
        return names;
    }

    /** The path itself when the kernel takes it, since it is what the mount table will show. */
    private static String name(Path file, List<AutoCloseable> open) throws ErrnoException {
        String text = file.toAbsolutePath().toString();
        if (text.getBytes(StandardCharsets.UTF_8).length <= MAX_STRING) {
            return text;
        }
        Fd fd = Fd.open(file, Flags.O_PATH, 0);
        open.add(fd);
        return fd.path().toString();
    }

    private static List<String> loops(List<Path> files, Caching caching, List<AutoCloseable> open)
            throws ErrnoException {
        List<String> names = new ArrayList<>();
        for (Path file : files) {
            names.add(loop(file, caching, open));
        }
        return names;
    }

    private static String loop(Path file, Caching caching, List<AutoCloseable> open) throws ErrnoException {
        LoopDevice device = LoopDevice.attach(file, caching);
        open.add(device);
        return device.path().toString();
    }

    private static void close(List<AutoCloseable> open) {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException(e); // close(2) of a file opened for reading doesn't fail
            }
        }
    }
}
