package dev.forno.dockerapi;

import dev.forno.engine.builds.BuildListener;
import dev.forno.engine.builds.BuildOutcome;
import dev.forno.engine.builds.BuildRequest;
import dev.forno.engine.builds.Builds;
import dev.forno.engine.containers.Attachment;
import dev.forno.engine.containers.Attachment.AttachOptions;
import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.ContainerFiles;
import dev.forno.engine.containers.ContainerStats;
import dev.forno.engine.containers.ContainerStreams;
import dev.forno.engine.containers.Containers;
import dev.forno.engine.containers.CreateRequest;
import dev.forno.engine.containers.Execs;
import dev.forno.engine.containers.LogQuery;
import dev.forno.engine.containers.LogStream;
import dev.forno.engine.containers.StreamKind;
import dev.forno.engine.containers.Tasks;
import dev.forno.engine.events.Event;
import dev.forno.engine.events.Events;
import dev.forno.engine.images.Image;
import dev.forno.engine.images.ImageArchives;
import dev.forno.engine.images.ImageRemoval;
import dev.forno.engine.images.ImageServices;
import dev.forno.engine.images.ImageTransfers;
import dev.forno.engine.images.ImageWriter;
import dev.forno.engine.images.Images;
import dev.forno.engine.images.Progress;
import dev.forno.engine.images.PullRequest;
import dev.forno.engine.images.RegistryAuth;
import dev.forno.engine.networks.Networks;
import dev.forno.engine.system.Housekeeping;
import dev.forno.engine.system.SystemService;
import dev.forno.engine.volumes.Volumes;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** An engine without machinery: it remembers what it was asked and answers with what the test put in. */
final class FakeEngine {
    final List<CreateRequest> created = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final Queue<LogStream.LogEntry> log = new ArrayDeque<>();
    final BlockingQueue<Optional<Event>> events = new LinkedBlockingQueue<>();
    final CompletableFuture<String> eventsClosed = new CompletableFuture<>();
    final CompletableFuture<Tasks.Exit> exit = new CompletableFuture<>();
    final List<Progress> progress = new ArrayList<>();

    @Nullable
    RuntimeException failure;

    @Nullable
    Container container;

    @Nullable
    PullRequest pulled;

    @Nullable
    BuildRequest built;

    boolean tty;

    EngineServices services() {
        return new EngineServices(
                absent(Containers.class, new Creation()),
                absent(Tasks.class, new Waiting()),
                new Streams(),
                absent(Execs.class, new Object()),
                absent(ContainerFiles.class, new Object()),
                absent(ContainerStats.class, new Object()),
                absent(Volumes.class, new Object()),
                absent(Networks.class, new Object()),
                new ImageServices(
                        absent(Images.class, new Object()),
                        new Transfers(),
                        absent(ImageArchives.class, new Object()),
                        absent(ImageRemoval.class, new Object()),
                        absent(ImageWriter.class, new Object())),
                absent(Builds.class, new Building()),
                absent(Events.class, new Listening()),
                absent(SystemService.class, new Object()),
                absent(Housekeeping.class, new Object()));
    }

    /** A service of which only the methods of {@code part} are there; every other call fails. */
    private static <T> T absent(Class<T> type, Object part) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        var own = part.getClass().getDeclaredMethod(method.getName(), method.getParameterTypes());
                        own.setAccessible(true);
                        return own.invoke(part, arguments);
                    } catch (NoSuchMethodException e) {
                        throw new UnsupportedOperationException(type.getSimpleName() + "." + method.getName(), e);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void failIfAsked() {
        if (failure != null) {
            throw failure;
        }
    }

    private final class Creation {
        @SuppressWarnings("unused") // by reflection
        Containers.Created create(CreateRequest request) {
            failIfAsked();
            created.add(request);
            return new Containers.Created("f".repeat(64), List.of("careful"));
        }

        @SuppressWarnings("unused")
        Container get(String ref) {
            failIfAsked();
            if (container == null) {
                throw new FornoException(ErrorKind.NOT_FOUND, "No such container: " + ref);
            }
            return container;
        }

        @SuppressWarnings("unused")
        List<Container> list(Containers.ContainerQuery query) {
            calls.add(query.toString());
            return container == null ? List.of() : List.of(container);
        }
    }

    private final class Waiting {
        @SuppressWarnings("unused")
        CompletableFuture<Tasks.Exit> await(String ref, Tasks.WaitCondition condition) {
            failIfAsked();
            calls.add("await " + ref + " " + condition);
            return exit;
        }

        @SuppressWarnings("unused")
        void stop(String ref, Tasks.StopOptions options) {
            failIfAsked();
            calls.add("stop " + ref + " " + options);
        }
    }

    private final class Building {
        @SuppressWarnings("unused")
        BuildOutcome build(BuildRequest request, BuildListener listener) throws IOException {
            failIfAsked();
            built = request;
            calls.add("context of " + request.context().readAllBytes().length + " bytes");
            listener.text("Step 1/2 : FROM busybox\n");
            listener.image(Digest.of(new byte[0]));
            return new BuildOutcome.StepFailed(
                    "The command '/bin/false' returned a non-zero code: 3", 3, "Dockerfile", 2);
        }
    }

    private final class Listening {
        @SuppressWarnings("unused")
        Events.Subscription subscribe(Events.EventQuery query) {
            calls.add(query.toString());
            return new Events.Subscription() {
                @Override
                public Optional<Event> next() throws InterruptedException {
                    return events.take();
                }

                @Override
                public void close() {
                    eventsClosed.complete("closed");
                }
            };
        }
    }

    private final class Transfers implements ImageTransfers {
        @Override
        public Image pull(PullRequest request, Progress.Listener listener) {
            pulled = request;
            progress.forEach(listener::on);
            failIfAsked();
            throw new AssertionError("the test puts in a failure");
        }

        @Override
        public void push(
                Reference reference, @Nullable Platform platform, RegistryAuth auth, Progress.Listener listener) {
            calls.add("push " + reference + " " + auth.password());
            progress.forEach(listener::on);
        }

        @Override
        public String login(String serverAddress, RegistryAuth auth) {
            failIfAsked();
            return "";
        }
    }

    /** A process that repeats its input and, at its end, says goodbye on standard error. */
    private final class Streams implements ContainerStreams {
        @Override
        public Attachment attach(String ref, AttachOptions options) {
            failIfAsked();
            calls.add("attach " + ref + " " + options);
            return new Echo(tty);
        }

        @Override
        public void resize(String ref, int rows, int columns) {
            calls.add("resize " + ref + " " + rows + "x" + columns);
        }

        @Override
        public LogStream logs(String ref, LogQuery query) {
            calls.add("logs " + query);
            return new LogStream() {
                @Override
                public boolean tty() {
                    return tty;
                }

                @Override
                public Optional<LogEntry> next() {
                    return Optional.ofNullable(log.poll());
                }

                @Override
                public void close() {
                    calls.add("log closed");
                }
            };
        }
    }

    private static final class Echo implements Attachment {
        private final boolean tty;
        private final PipedInputStream heard = new PipedInputStream();
        private final PipedOutputStream stdin;

        Echo(boolean tty) {
            this.tty = tty;
            try {
                this.stdin = new PipedOutputStream(heard);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean tty() {
            return tty;
        }

        @Override
        public OutputStream stdin() {
            return stdin;
        }

        @Override
        public void copyOutput(OutputSink sink) throws IOException {
            byte[] buffer = new byte[1000];
            for (int n = heard.read(buffer); n >= 0; n = heard.read(buffer)) {
                sink.write(StreamKind.STDOUT, buffer, 0, n);
            }
            sink.write(StreamKind.STDERR, new byte[] {'b', 'y', 'e'}, 0, 3);
        }

        @Override
        public void close() {}
    }

    static Event event(String action) {
        return new Event(
                "container", action, "abc", Map.of("image", "busybox"), Instant.ofEpochSecond(1_700_000_000L, 5));
    }
}
