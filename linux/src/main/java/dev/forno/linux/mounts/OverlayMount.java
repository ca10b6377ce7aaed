package dev.forno.linux.mounts;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Fd;
import dev.forno.linux.files.Flags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One overlay mount. The kernel takes the lower directories one by one since Linux 6.7 ({@code lowerdir+}); before, all
 * must fit into one page of options, so they are named by short descriptor paths.
 */
final class OverlayMount {
    private static final int MAX_STRING = 255;

    /**
     * Above so many characters the lower directories are named by descriptors: runc, as other programs in Go, can't read a
     * mount table with a line of 64 KiB.
     */
    private static final int MAX_SHOWN = 32 << 10;

    /** As many lower directories as any kernel takes. */
    private static final int MAX_LOWERS = 500;

    /** As many as fit into a page of options, with descriptors of four digits. */
    private static final int MAX_LOWERS_IN_OPTIONS = 200;

    /** Features that would put foreign marks into the upper directory, which then wouldn't read as plain changes. */
    private static final List<String> OFF = List.of("index", "redirect_dir", "metacopy");

    private final List<Path> lowers;
    private final Path upper;
    private final Path work;
    private final boolean shown;
    private final List<Fd> open = new ArrayList<>();

    OverlayMount(List<Path> lowers, Path upper, Path work) {
        this.shown =
                lowers.stream().mapToInt(lower -> lower.toString().length()).sum() <= MAX_SHOWN;
        this.lowers = lowers;
        this.upper = upper;
        this.work = work;
    }

    /** See {@link Mounts#maxOverlayLowers}. */
    static int maxLowers() throws ErrnoException {
        Optional<MountContext> opened = MountContext.open("overlay");
        if (opened.isEmpty()) {
            return MAX_LOWERS_IN_OPTIONS;
        }
        try (MountContext context = opened.get()) {
            return setLower(context, "/") ? MAX_LOWERS : MAX_LOWERS_IN_OPTIONS;
        }
    }

    void at(Path target) throws ErrnoException {
        try {
            if (!mountByContext(target)) {
                mountByOptions(target);
            }
        } finally {
            closeAll();
        }
    }

    /** As kernels need it that lack the calls of {@link #mountByContext}. */
    void atByOptions(Path target) throws ErrnoException {
        try {
            mountByOptions(target);
        } finally {
            closeAll();
        }
    }

    private void closeAll() throws ErrnoException {
        for (Fd fd : open) {
            fd.close();
        }
    }

    /** Returns false when this kernel lacks the calls or the option. */
    private boolean mountByContext(Path target) throws ErrnoException {
        Optional<MountContext> opened = MountContext.open("overlay");
        if (opened.isEmpty()) {
            return false;
        }
        try (MountContext context = opened.get()) {
            if (!setLower(context, lowerName(lowers.getFirst()))) {
                return false;
            }
            for (Path lower : lowers.subList(1, lowers.size())) {
                context.set("lowerdir+", lowerName(lower));
            }
            context.set("upperdir", name(upper));
            context.set("workdir", name(work));
            for (String feature : OFF) {
                context.set(feature, "off");
            }
            context.set("source", "overlay");
            context.mount(target, 0);
            return true;
        }
    }

    private static boolean setLower(MountContext context, String lower) throws ErrnoException {
        try {
            context.set("lowerdir+", lower);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.EINVAL) {
                return false;
            }
            throw e;
        }
    }

    private void mountByOptions(Path target) throws ErrnoException {
        List<String> names = new ArrayList<>();
        for (Path lower : lowers) {
            names.add(descriptorName(lower));
        }
        Mounts.mount(
                "overlay",
                target,
                "overlay",
                0,
                names.stream().collect(Collectors.joining(":", "lowerdir=", ""))
                        + ",upperdir="
                        + descriptorName(upper)
                        + ",workdir="
                        + descriptorName(work)
                        + OFF.stream().map(feature -> "," + feature + "=off").collect(Collectors.joining()));
    }

    private String lowerName(Path lower) throws ErrnoException {
        return shown ? name(lower) : descriptorName(lower);
    }

    /** The path itself when the kernel takes it as it is, since it is what the mount table will show. */
    private String name(Path directory) throws ErrnoException {
        String text = directory.toString();
        boolean plain = text.chars().noneMatch(c -> c == '\\' || c == ':' || c == ',');
        return plain && text.getBytes(StandardCharsets.UTF_8).length <= MAX_STRING ? text : descriptorName(directory);
    }

    private String descriptorName(Path directory) throws ErrnoException {
        Fd fd = Fd.open(directory, Flags.O_PATH | Flags.O_DIRECTORY, 0);
        open.add(fd);
        return fd.path().toString();
    }
}
