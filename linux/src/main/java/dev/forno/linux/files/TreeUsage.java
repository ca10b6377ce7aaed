package dev.forno.linux.files;

import dev.forno.linux.ErrnoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Adds up what files and trees hold: every file once however many names it has, over all that is added; other file
 * systems mounted in a tree not at all. For one thread.
 */
public final class TreeUsage {
    private final Map<Inode, Links> linked = new HashMap<>();
    private long bytes;
    private long allocated;
    private long freed;

    /** Nothing yet. */
    public TreeUsage() {}

    private record Inode(long device, long number) {}

    private static final class Links {
        private int seen;
        private int most;
        private boolean freed;
    }

    /** What one tree holds. */
    public static TreeUsage of(Path tree) throws IOException {
        TreeUsage usage = new TreeUsage();
        usage.add(tree);
        return usage;
    }

    /**
     * Adds a file or a tree; one that isn't there holds nothing.
     *
     * @return the disk space in bytes that it holds and nothing added before does
     */
    public long add(Path path) throws IOException {
        long before = allocated;
        Path name = path.getFileName();
        Path parent = path.toAbsolutePath().getParent();
        if (name == null || parent == null) {
            throw new IllegalArgumentException("measure " + path + ": not a file or directory with a name");
        }
        try (Root root = Root.open(parent)) {
            Optional<FileStat> stat = root.find(name.toString());
            stat.ifPresent(this::count);
            if (stat.filter(FileStat::isDirectory).isPresent()) {
                try (Directory tree = root.top().directory(name.toString())) {
                    addBelow(tree);
                }
            }
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENOENT) {
                throw e;
            }
        }
        return allocated - before;
    }

    /** Adds everything below an open directory, not the directory itself. */
    public void addBelow(Directory top) throws IOException {
        long device = top.fd().stat().device();
        TreeWalk.walk(top, (_, _, stat, _) -> {
            if (stat.device() == device) {
                count(stat);
                return true;
            }
            return false;
        });
    }

    private void count(FileStat stat) {
        long space = stat.blocks() * 512;
        if (stat.links() > 1 && !stat.isDirectory()) {
            Links links = linked.computeIfAbsent(new Inode(stat.device(), stat.inode()), _ -> new Links());
            links.most = Math.max(links.most, stat.links());
            if (++links.seen >= links.most && !links.freed) {
                links.freed = true;
                freed += space;
            }
            if (links.seen > 1) {
                return;
            }
        } else {
            freed += space;
        }
        bytes += stat.isFile() ? stat.size() : 0;
        allocated += space;
    }

    /** The lengths of all regular files, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** The disk space of everything, directories too, in bytes: what {@code du} says. */
    public long allocated() {
        return allocated;
    }

    /** The disk space in bytes that is free once all that was added is removed: without files that have names elsewhere. */
    public long freed() {
        return freed;
    }
}
