package dev.forno.cli.commands;

import dev.forno.cli.archives.BuildContext;
import dev.forno.cli.archives.TarEntry;
import dev.forno.cli.archives.TarWriter;
import dev.forno.cli.calls.Query;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.progress.ProgressDisplay;
import dev.forno.cli.progress.ProgressException;
import dev.forno.cli.values.Sizes;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.http.client.RequestBody;
import dev.forno.linux.terminals.Terminal;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** {@code build}. */
final class Building {
    private Building() {}

    static Command command() {
        return new Command("[OPTIONS] PATH | URL | -", "Build an image from a Dockerfile", 1, 1, """
                --add-host list | Add a line to the hosts file while building (host:ip)
                --build-arg list | Set a build argument
                --cache-from list | Images whose layers may serve as cache
                --cgroup-parent string | Parent of the cgroups of RUN
                --compress | Compress the context
                --cpu-period int | Period of the CPU quota in microseconds
                --cpu-quota int | CPU time in a period in microseconds
                -c, --cpu-shares int | Relative weight of CPU time
                --cpuset-cpus string | CPUs to run on (0-3, 0,1)
                --cpuset-mems string | Memory nodes to use (0-3, 0,1)
                --disable-content-trust | Accepted for compatibility (default true)
                -f, --file string | Name of the Dockerfile, - for standard input (default "PATH/Dockerfile")
                --force-rm | Always remove intermediate containers
                --iidfile string | Write the image's id to this file
                --label list | Set a label
                -m, --memory bytes | Memory limit
                --memory-swap bytes | Limit of memory and swap together: -1 for no limit of swap
                --network string | Network of RUN (default "default")
                --no-cache | Do not use the cache
                --platform string | Platform of the image, as linux/amd64
                --pull | Look for newer versions of base images
                -q, --quiet | Print only the image's id
                --rm | Remove intermediate containers (default true)
                --security-opt list | Security option
                --shm-size bytes | Size of /dev/shm
                --squash | Squash the new layers into one
                -t, --tag list | Name of the image, name[:tag]
                --target string | Stage to build
                --ulimit ulimit | Resource limit: name=soft[:hard]
                """, Building::run);
    }

    /** What is sent: the archive, and where the Dockerfile is in it. */
    private record Source(RequestBody body, String dockerfile, String remote) {}

    private static int run(Session session, Arguments arguments) throws IOException {
        boolean quiet = arguments.is("quiet");
        ByteArrayOutputStream hidden = new ByteArrayOutputStream();
        PrintStream progress = quiet ? new PrintStream(hidden, false, StandardCharsets.UTF_8) : session.out();
        Source source = source(session, arguments, progress);
        Query query = BuildQuery.of(arguments, source.dockerfile)
                .withNullable("remote", source.remote.isEmpty() ? null : source.remote);
        ClientRequest request = ClientRequest.post(query.toString(), "application/x-tar", source.body)
                .with("X-Registry-Config", session.credentials().all());
        StringBuilder id = new StringBuilder();
        try (ClientResponse response = session.engine().open(request)) {
            new ProgressDisplay(progress, !quiet && Terminal.of(1).isPresent()).show(response.body(), aux -> {
                if (!aux.text("ID").isEmpty()) {
                    id.setLength(0);
                    id.append(aux.text("ID"));
                }
            });
        } catch (ProgressException e) {
            progress.flush();
            hidden.writeTo(session.err());
            throw e;
        }
        if (quiet) {
            progress.flush();
            session.out()
                    .println(
                            id.isEmpty()
                                    ? hidden.toString(StandardCharsets.UTF_8).strip()
                                    : id.toString());
        }
        String iidfile = arguments.text("iidfile");
        if (iidfile != null) {
            if (id.isEmpty()) {
                throw new IOException("server did not provide an image ID. Cannot write " + iidfile);
            }
            Files.writeString(Path.of(iidfile), id);
        }
        return 0;
    }

    private static Source source(Session session, Arguments arguments, PrintStream progress) throws IOException {
        String context = arguments.operand(0);
        String file = arguments.text("file");
        boolean fileFromInput = "-".equals(file);
        if (context.equals("-")) {
            if (fileFromInput) {
                throw new Failure(1, "invalid argument: can't use stdin for both build context and dockerfile");
            }
            return standardInput(session, file);
        }
        if (context.matches("(git@|git://|github\\.com/).*") || context.matches("https?://.*\\.git(#.*)?")) {
            throw new Failure(1, "build from a Git repository is not supported: clone it and build its directory");
        }
        if (context.matches("https?://.*")) {
            return new Source(RequestBody.EMPTY, file == null ? "Dockerfile" : file, context);
        }
        BuildContext tree = fileFromInput
                ? BuildContext.of(Path.of(context), session.in().readAllBytes())
                : BuildContext.of(Path.of(context), file);
        RequestBody body = RequestBody.streaming(out -> {
            Counter counter = new Counter(new BufferedOutputStream(out, 1 << 16));
            tree.write(counter);
            // told before the end is sent: the engine's first words come after it
            progress.println("Sending build context to Forno  " + Sizes.precise((double) counter.count));
            progress.flush();
            counter.flush();
        });
        return new Source(body, tree.dockerfile(), "");
    }

    /** Standard input is an archive, compressed or not, or a Dockerfile alone. */
    private static Source standardInput(Session session, @org.jspecify.annotations.Nullable String file)
            throws IOException {
        BufferedInputStream in = new BufferedInputStream(session.in(), 1 << 16);
        in.mark(512);
        byte[] head = in.readNBytes(512);
        in.reset();
        if (isArchive(head)) {
            return new Source(RequestBody.of(in), file == null ? "Dockerfile" : file, "");
        }
        byte[] dockerfile = in.readAllBytes();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarWriter writer = new TarWriter(archive)) {
            TarEntry entry =
                    new TarEntry("Dockerfile", TarEntry.Type.FILE, 0644, 0, 0, dockerfile.length, Instant.EPOCH, "");
            writer.add(entry, new ByteArrayInputStream(dockerfile));
        }
        return new Source(RequestBody.of(archive.toByteArray()), "Dockerfile", "");
    }

    static boolean isArchive(byte[] head) {
        if (head.length > 262 && new String(head, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
            return true;
        }
        int[][] magics = {{0x1f, 0x8b}, {'B', 'Z', 'h'}, {0xfd, '7', 'z', 'X', 'Z'}, {0x28, 0xb5, 0x2f, 0xfd}};
        for (int[] magic : magics) {
            boolean same = head.length >= magic.length;
            for (int i = 0; same && i < magic.length; i++) {
                same = (head[i] & 0xff) == magic[i];
            }
            if (same) {
                return true;
            }
        }
        return false;
    }

    private static final class Counter extends FilterOutputStream {
        private long count;

        Counter(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }
}
