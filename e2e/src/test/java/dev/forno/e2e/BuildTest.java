package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code docker build} with the classic builder. */
class BuildTest extends EndToEnd {
    private static final String TAG = "built:test";

    @AfterEach
    void removeTheImage() {
        docker.run("rmi", "-f", TAG);
    }

    private Command.Result build(String dockerfile, String... flags) {
        write("Dockerfile", dockerfile);
        List<String> all = new ArrayList<>(List.of("build", "-t", TAG));
        all.addAll(List.of(flags));
        all.add(folder.toString());
        return docker.run(all.toArray(String[]::new));
    }

    private void write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyInstructionReachesTheImage() {
        write("file", "text\n");
        String out = build("""
                FROM busybox:latest
                ARG WHO=nobody
                ENV GREETING="hello $WHO" PLAIN=1
                LABEL org.example.kind=test
                WORKDIR /srv/app
                COPY file copied
                RUN echo $GREETING > greeting
                USER worker
                EXPOSE 80 53/udp
                VOLUME /data
                STOPSIGNAL SIGINT
                HEALTHCHECK --interval=5s CMD true
                ENTRYPOINT ["cat"]
                CMD ["greeting"]
                """, "--build-arg", "WHO=you").ok().out();
        assertTrue(out.contains("Step 1/14 : FROM busybox:latest"), out);
        assertTrue(out.contains("Successfully built "), out);
        assertTrue(out.contains("Successfully tagged " + TAG), out);
        assertEquals(
                "/srv/app worker SIGINT [cat] [greeting] test map[/data:{}]",
                docker.inspect(
                        TAG,
                        "{{.Config.WorkingDir}} {{.Config.User}} {{.Config.StopSignal}} {{.Config.Entrypoint}} "
                                + "{{.Config.Cmd}} {{index .Config.Labels \"org.example.kind\"}} {{.Config.Volumes}}"));
        assertEquals("hello you", docker.text("run", "--rm", TAG));
        assertEquals("text", docker.text("run", "--rm", TAG, "copied"));
        assertTrue(docker.text("history", "--no-trunc", TAG).contains("GREETING"));
    }

    @Test
    void theCacheIsKeyedByContent() {
        String content = UUID.randomUUID().toString(); // the engine is shared: nothing cached by another test
        write("file", content);
        String dockerfile = "FROM busybox:latest\nCOPY file /file\nRUN cat /proc/sys/kernel/random/uuid > /uuid\n";
        build(dockerfile).ok();
        String first = docker.inspect(TAG, "{{.Id}}");
        write("file", content);
        assertTrue(build(dockerfile).ok().out().contains("Using cache"));
        assertEquals(first, docker.inspect(TAG, "{{.Id}}"));
        assertFalse(build(dockerfile, "--no-cache").ok().out().contains("Using cache"));
        assertNotEquals(first, docker.inspect(TAG, "{{.Id}}"));
        write("file", content + "changed");
        assertFalse(build(dockerfile).ok().out().contains("Using cache"));
    }

    @Test
    void stagesAndTargets() {
        build("""
                FROM busybox:latest AS base
                RUN echo made > /made
                FROM busybox:latest AS unused
                RUN exit 1
                FROM busybox:latest
                COPY --from=base --chown=worker:workers --chmod=0640 /made /taken
                CMD ["stat", "-c", "%U %G %a", "/taken"]
                """, "--target", "base").ok();
        assertEquals("made", docker.text("run", "--rm", TAG, "cat", "/made"));
        if (target.isForno()) {
            build(readDockerfile()).ok();
            assertEquals("worker workers 640", docker.text("run", "--rm", TAG));
        }
    }

    private String readDockerfile() {
        try {
            return Files.readString(folder.resolve("Dockerfile"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFailedStepSaysWhich() {
        Command.Result result =
                build("FROM busybox:latest\nRUN true\nRUN exit 7\n").exits(7);
        assertTrue(result.err().contains("The command '/bin/sh -c exit 7' returned a non-zero code: 7"), result.err());
    }

    @Test
    void optionsWithoutEffectAreNamed() {
        assumeTrue(target.isForno(), "dockerd heeds them");
        String out = build("FROM busybox:latest\nLABEL a=1\n", "--cache-from", "busybox:latest", "--rm=false")
                .ok()
                .out();
        assertTrue(out.contains("[Warning] --cache-from busybox:latest has no effect yet"), out);
        assertTrue(out.contains("[Warning] --rm=false has no effect"), out);
    }

    @Test
    void aWrongDockerfileNamesItsLine() {
        Command.Result result = build("FROM busybox:latest\n\nFRIDGE on\n").exits(1);
        assertTrue(result.err().contains("parse error"), result.err());
        assertTrue(result.err().contains("line 3: unknown instruction: FRIDGE"), result.err());
    }

    @Test
    void addExtractsLocalArchives() throws IOException {
        Files.createDirectories(folder.resolve("tree/dir"));
        write("tree/dir/file", "archived");
        Command.of(
                        "tar",
                        "-czf",
                        folder.resolve("tree.tar.gz").toString(),
                        "-C",
                        folder.resolve("tree").toString(),
                        "dir")
                .run()
                .ok();
        build("FROM busybox:latest\nADD tree.tar.gz /out/\nCOPY tree.tar.gz /kept.tar.gz\n")
                .ok();
        assertEquals("archived", docker.text("run", "--rm", TAG, "cat", "/out/dir/file"));
        assertEquals("/kept.tar.gz", docker.text("run", "--rm", TAG, "ls", "/kept.tar.gz"));
    }

    @Test
    void ignoredFilesStayOut() {
        write(".dockerignore", "*.log\n!keep.log\nsub/**/x\n");
        write("a.log", "");
        write("keep.log", "");
        write("sub/deep/x", "");
        write("sub/deep/y", "");
        build("FROM busybox:latest\nCOPY . /ctx\n").ok();
        String files = docker.text("run", "--rm", TAG, "find", "/ctx", "-type", "f");
        assertTrue(files.contains("/ctx/keep.log") && files.contains("/ctx/sub/deep/y"), files);
        assertFalse(files.contains("a.log") || files.contains("/x"), files);
    }

    @Test
    void onBuildRunsInTheChild() {
        build("FROM busybox:latest\nONBUILD RUN echo triggered > /triggered\n").ok();
        docker.text("tag", TAG, "built:parent");
        build("FROM built:parent\nCMD [\"cat\", \"/triggered\"]\n").ok();
        assertEquals("triggered", docker.text("run", "--rm", TAG));
        docker.text("rmi", "-f", "built:parent");
    }

    @Test
    void hereDocumentsAndShell() {
        assumeTrue(target.isForno(), "BuildKit's alone in dockerd");
        build("""
                # syntax=docker/dockerfile:1
                FROM busybox:latest
                RUN <<EOF
                echo first > /out
                echo second >> /out
                EOF
                COPY <<-"END" /copied
                	$literal
                END
                SHELL ["/bin/sh", "-ec"]
                RUN echo ${0} >> /out
                """).ok();
        assertEquals("first\nsecond\n/bin/sh\n$literal", docker.text("run", "--rm", TAG, "cat", "/out", "/copied"));
    }

    @Test
    void copyNeverLeavesTheContextOrTheRoot() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/hostname"));
        Command.Result outside = build("FROM busybox:latest\nCOPY ../secret /x\n");
        assertNotEquals(0, outside.exit());
        build("FROM busybox:latest\nRUN ln -s / /root-link\nCOPY Dockerfile /root-link/inside\n")
                .ok();
        assertFalse(Files.exists(Path.of("/inside")));
        assertEquals("/inside", docker.text("run", "--rm", TAG, "ls", "/inside"));
    }
}
