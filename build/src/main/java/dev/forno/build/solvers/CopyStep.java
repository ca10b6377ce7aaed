package dev.forno.build.solvers;

import dev.forno.build.configs.ContainerPaths;
import dev.forno.build.copies.CopySource;
import dev.forno.build.copies.CopyTarget;
import dev.forno.build.copies.ModeChange;
import dev.forno.build.copies.Owner;
import dev.forno.build.copies.RemoteFile;
import dev.forno.build.copies.SourceDigest;
import dev.forno.build.copies.SourceFinder;
import dev.forno.build.dockerfile.Heredoc;
import dev.forno.build.dockerfile.Instruction;
import dev.forno.build.dockerfile.Words;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.patterns.IgnorePatterns;
import dev.forno.store.failures.Failures;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.snapshots.Snapshot;
import dev.forno.store.workers.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One COPY or ADD with its sources found: first its part of the cache key, then the copying. For one thread. */
final class CopyStep {
    private final String keyword;
    private final String written;
    private final String destination;
    private final @Nullable String chown;
    private final @Nullable ModeChange mode;
    private final @Nullable String modeText;
    private final IgnorePatterns excludes;
    private final List<String> excludeTexts;
    private final boolean keepOwners;
    private final List<CopySource> sources = new ArrayList<>();

    /**
     * Finds the sources.
     *
     * @param tree where paths are looked up
     * @param fromContext whether {@code tree} is the build context
     * @param scratch a directory for fetched files, which the caller removes
     * @param fetched the same, open as long as this step is used
     */
    CopyStep(
            Instruction instruction,
            Instruction.Transfer transfer,
            Words words,
            String workingDirectory,
            Root tree,
            boolean fromContext,
            Path scratch,
            Root fetched)
            throws InterruptedException {
        keyword = instruction.keyword();
        written = words.expand(transfer.destination());
        String resolved = ContainerPaths.resolve(workingDirectory, written);
        boolean directory = written.endsWith("/") || written.equals(".") || written.endsWith("/.");
        destination = directory && !resolved.equals("/") ? resolved + "/" : resolved;
        chown = transfer.chown() == null ? null : words.expand(transfer.chown());
        modeText = transfer.chmod() == null ? null : words.expand(transfer.chmod());
        mode = modeText == null ? null : ModeChange.parse(modeText);
        excludeTexts = transfer.excludes().stream().map(words::expand).toList();
        excludes = IgnorePatterns.of(excludeTexts);
        keepOwners = !fromContext && chown == null;
        try {
            find(
                    instruction,
                    transfer,
                    words,
                    new SourceFinder(tree, fromContext, isAdd(instruction)),
                    scratch,
                    fetched);
        } catch (FornoException e) {
            throw new FornoException(e.kind(), keyword + " failed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw Failures.of(keyword + " failed", e);
        }
        if (sources.isEmpty()) {
            throw new FornoException(ErrorKind.NOT_FOUND, keyword + " failed: no source files were specified");
        }
        if (sources.size() > 1 && !destination.endsWith("/")) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "When using " + keyword
                            + " with more than one source file, the destination must be a directory and end with a /");
        }
    }

    private static boolean isAdd(Instruction instruction) {
        return instruction instanceof Instruction.Add add && !Boolean.FALSE.equals(add.unpack());
    }

    private void find(
            Instruction instruction,
            Instruction.Transfer transfer,
            Words words,
            SourceFinder finder,
            Path scratch,
            Root fetched)
            throws IOException, InterruptedException {
        for (Heredoc heredoc : transfer.inline()) {
            String text = heredoc.expand() ? words.expandText(heredoc.body()) : heredoc.body();
            sources.add(new CopySource.Inline(heredoc.name(), text.getBytes(StandardCharsets.UTF_8)));
        }
        for (String path : transfer.sources()) {
            String source = words.expand(path);
            if (RemoteFile.isRepository(source)) {
                throw new FornoException(
                        ErrorKind.NOT_IMPLEMENTED, "git repositories as a source are not in this version: " + source);
            }
            if (!RemoteFile.isAddress(source)) {
                sources.addAll(finder.find(source));
            } else if (instruction instanceof Instruction.Add add) {
                String directory = "remote-" + sources.size();
                String checksum = add.checksum() == null ? null : words.expand(add.checksum());
                Path place = Files.createDirectory(scratch.resolve(directory));
                String name = RemoteFile.fetch(source, checksum, place, destination);
                sources.add(new CopySource.File(fetched, directory + "/" + RemoteFile.FILE, name, false));
            } else {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "source can't be a URL for COPY");
            }
        }
    }

    /** What decides about the result besides the image below: destination, flags, and the sources' content. */
    List<String> keyParts() {
        List<String> parts = new ArrayList<>();
        parts.add(keyword);
        parts.add(destination);
        parts.add("chown=" + (chown == null ? "" : chown));
        parts.add("chmod=" + (modeText == null ? "" : modeText));
        excludeTexts.forEach(pattern -> parts.add("exclude=" + pattern));
        parts.addAll(digests());
        return parts;
    }

    private final List<String> computed = new ArrayList<>();

    private List<String> digests() {
        if (computed.isEmpty()) {
            Workers.run(keyword + " failed", () -> {
                for (CopySource source : sources) {
                    boolean archive = source instanceof CopySource.File file && file.archive();
                    computed.add(SourceDigest.of(source, keepOwners || archive, excludes));
                }
            });
        }
        return computed;
    }

    /** Docker's text for the history. */
    String comment() {
        List<String> digests = digests();
        String sum = digests.size() == 1
                ? digests.getFirst()
                : "multi:"
                        + dev.forno.oci.Digest.of(String.join(",", digests).getBytes(StandardCharsets.UTF_8))
                                .hex();
        return keyword + " " + (chown == null ? "" : "--chown=" + chown + " ")
                + (modeText == null ? "" : "--chmod=" + modeText + " ") + sum + " in " + written + " ";
    }

    /** Copies into a snapshot over the stage's layers and makes a layer of it. */
    StoredLayer execute(Machine machine, StageState state) {
        Snapshot snapshot =
                machine.store().snapshotter().prepare(Machine.SNAPSHOT_PREFIX + machine.newId(), state.diffIds());
        boolean committed = false;
        try {
            try (Root rootfs = Root.open(snapshot.mount())) {
                Owner owner = chown == null ? (keepOwners ? null : Owner.ROOT) : Owner.parse(chown, rootfs);
                boolean archivesKeep = chown == null;
                CopyTarget.Options options = new CopyTarget.Options(
                        owner, mode, excludes, machine.clock().instant(), archivesKeep);
                Workers.run("copy files", () -> new CopyTarget(rootfs, options).copy(sources, destination));
            }
            StoredLayer layer = machine.store().layers().commit(snapshot);
            committed = true;
            return layer;
        } catch (FornoException e) {
            throw new FornoException(e.kind(), keyword + " failed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw Failures.of(keyword + " failed", e);
        } finally {
            if (!committed) {
                snapshot.remove();
            }
        }
    }
}
