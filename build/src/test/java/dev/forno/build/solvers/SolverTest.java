package dev.forno.build.solvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.build.solvers.Workbench.Result;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.ImageConfig.Execution;
import dev.forno.oci.ImageConfig.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dockerfiles built with the real store, runtime and network. Needs root. */
class SolverTest {
    @TempDir
    static Path directory;

    private static Workbench bench;

    @BeforeAll
    static void open() throws IOException {
        bench = new Workbench(directory);
    }

    @AfterAll
    static void close() throws IOException {
        assertEquals(List.of(), bench.store().snapshotter().snapshots());
        assertEquals(List.of(), bench.runtime().ids());
        bench.close();
    }

    @Test
    void everySettingReachesTheConfiguration() {
        Result result = bench.build(Context.of("""
                ARG BASE=busybox
                FROM ${BASE}
                MAINTAINER Maria <maria@example.com>
                ENV A=1 B="two words"
                ENV C=$A-${B} PATH=/opt:$PATH
                ARG PORT=8080
                LABEL some.label="with $A" other=x
                EXPOSE $PORT 53/udp 90-91
                VOLUME ["/data", "/logs"]
                WORKDIR /srv
                WORKDIR app
                USER maria:staff
                STOPSIGNAL SIGQUIT
                SHELL ["/bin/sh", "-e", "-c"]
                HEALTHCHECK --interval=5s CMD true
                ONBUILD RUN echo trigger
                ENTRYPOINT ["/bin/echo"]
                CMD hello $A
                """));
        ImageConfig config = result.image().config();
        Execution execution = config.execution();
        assertEquals(
                new Execution(
                        "maria:staff",
                        Map.of("53/udp", Map.of(), "8080/tcp", Map.of(), "90/tcp", Map.of(), "91/tcp", Map.of()),
                        List.of(
                                "PATH=/opt:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                "A=1",
                                "B=two words",
                                "C=1-two words"),
                        List.of("/bin/echo"),
                        List.of("/bin/sh", "-e", "-c", "hello $A"),
                        Map.of("/data", Map.of(), "/logs", Map.of()),
                        "/srv/app",
                        Map.of("some.label", "with 1", "other", "x"),
                        "SIGQUIT",
                        null,
                        new ImageConfig.Healthcheck(
                                List.of("CMD-SHELL", "true"), 5_000_000_000L, null, null, null, null),
                        List.of("RUN echo trigger"),
                        List.of("/bin/sh", "-e", "-c")),
                execution);
        assertEquals("Maria <maria@example.com>", config.author());
        List<History> history = Objects.requireNonNull(config.history());
        assertEquals("/bin/sh -c #(nop)  ENV A=1 B=two words", history.get(1).createdBy());
        assertEquals("/bin/sh -c #(nop) WORKDIR /srv", history.get(7).createdBy());
        assertEquals(
                "/bin/sh -e -c #(nop)  CMD [\"/bin/sh\" \"-e\" \"-c\" \"hello $A\"]",
                history.getLast().createdBy());
        assertFalse(history.get(7).isEmptyLayer(), "WORKDIR made a directory");
        assertTrue(history.getLast().isEmptyLayer());
        assertTrue(
                result.output().startsWith("Step 1/18 : ARG BASE=busybox\nStep 2/18 : FROM ${BASE}\n ---> "),
                result.output());
        assertTrue(result.output().contains("Step 18/18 : CMD hello $A\n ---> "), result.output());
    }

    @Test
    void runSeesEnvironmentArgumentsUserDirectoryAndShell() throws IOException {
        Result result = bench.build(Context.of("""
                FROM busybox
                ENV FROM_ENV=env
                ARG FROM_ARG=default
                ARG HIDDEN=arg
                ENV HIDDEN=env
                WORKDIR /work
                RUN chown maria /work
                USER maria
                RUN echo $FROM_ENV $FROM_ARG $HIDDEN $(id -u):$(id -g) $(pwd) > out
                SHELL ["/bin/sh", "-c", "echo shell: \\"$0\\" >> out"]
                RUN ignored
                RUN ["/bin/sh", "-c", "echo exec >> out"]
                """).arg("FROM_ARG", "given"));
        assertEquals("env given env 1000:1001 /work\nshell: ignored\nexec\n", bench.read(result.image(), "/work/out"));
        String createdBy = Objects.requireNonNull(
                Objects.requireNonNull(result.image().config().history()).get(7).createdBy());
        assertTrue(createdBy.startsWith("|1 FROM_ARG=given /bin/sh -c echo"), createdBy);
    }

    @Test
    void outputComesAsTextAndNothingOfTheContainerStaysInTheLayer() throws IOException {
        Result result = bench.build(Context.of("""
                FROM busybox
                RUN echo to stdout; echo é >&2; test -s /etc/resolv.conf; cat /etc/hosts; echo x > /made
                """));
        assertTrue(result.output().contains("to stdout\n"), result.output());
        assertTrue(result.output().contains("é\n"), result.output());
        assertTrue(result.output().contains("10.1.2.3\textra\n"), result.output());
        assertTrue(
                result.output()
                        .matches(
                                "(?s).* ---> Running in ([0-9a-f]{12})\n.*Removing intermediate container \\1\n ---> [0-9a-f]{12}\n"),
                result.output());
        SolveResult image = result.image();
        assertEquals(2, image.config().diffIds().size());
        List<String> root =
                bench.inspect(image, r -> r.list("/").stream().sorted().toList());
        assertEquals(List.of("bin", "etc", "made", "tmp"), root);
        assertEquals(
                List.of("group", "passwd"),
                bench.inspect(image, r -> r.list("/etc").stream().sorted().toList()));
    }

    @Test
    void runWithoutChangesMakesNoLayer() {
        SolveResult image = bench.build(Context.of("FROM busybox\nRUN true\n")).image();
        assertEquals(1, image.config().diffIds().size());
        assertTrue(Objects.requireNonNull(image.config().history()).getLast().isEmptyLayer());
    }

    @Test
    void failedStepNamesCommandCodeAndLine() {
        Result result = bench.build(Context.of("FROM busybox\n\n# why\nRUN echo before; \\\n  exit 7\n"));
        StepFailedException failure = assertInstanceOf(StepFailedException.class, result.error());
        assertEquals("The command '/bin/sh -c echo before;   exit 7' returned a non-zero code: 7", failure.text());
        assertEquals(7, failure.exitCode());
        assertEquals(4, failure.line());
        assertTrue(result.output().contains("before\n"), result.output());
        assertTrue(result.output().endsWith("Dockerfile:4: RUN echo before;   exit 7\n"), result.output());
    }

    @Test
    void unknownCommandIsAnError() {
        Result result = bench.build(Context.of("FROM busybox\nRUN [\"/no/such\"]\n"));
        assertTrue(result.message().contains("/no/such"), result.message());
    }

    @Test
    void secondBuildTakesEverythingFromTheCacheAlsoAfterARestart() {
        String dockerfile = """
                FROM busybox
                ARG WHO=world
                COPY a b /dir/
                RUN echo hello $WHO > /hello
                CMD ["cat", "/hello"]
                """;
        Result first = bench.build(Context.of(dockerfile).file("a", "1").file("b", "cache"));
        assertEquals(0, first.hits(), first.output());
        Result second = bench.build(Context.of(dockerfile).file("a", "1").file("b", "cache"));
        assertEquals(4, second.hits(), second.output());
        assertEquals(first.image().id(), second.image().id());
        bench.restart();
        Result third = bench.build(Context.of(dockerfile).file("a", "1").file("b", "cache"));
        assertEquals(4, third.hits(), third.output());
        assertEquals(first.image(), third.image());

        Result otherContent = bench.build(Context.of(dockerfile).file("a", "2").file("b", "cache"));
        assertEquals(1, otherContent.hits(), otherContent.output());
        Result otherMode = bench.build(Context.of(dockerfile)
                .file("a", 0755, new byte[] {'1'}, java.time.Instant.EPOCH)
                .file("b", "cache"));
        assertEquals(1, otherMode.hits(), otherMode.output());
        Result otherTime = bench.build(Context.of(dockerfile)
                .file("a", 0644, new byte[] {'1'}, java.time.Instant.ofEpochSecond(1))
                .file("b", "cache"));
        assertEquals(4, otherTime.hits(), otherTime.output());
        Result otherArgument = bench.build(
                Context.of(dockerfile).file("a", "1").file("b", "cache").arg("WHO", "you"));
        assertEquals(2, otherArgument.hits(), otherArgument.output());
        Result none = bench.build(
                Context.of(dockerfile).file("a", "1").file("b", "cache").noCache());
        assertEquals(0, none.hits(), none.output());
        assertNotEquals(first.image().id(), none.image().id());
    }

    @Test
    void stagesAreCutDownToTheTargetAndCopiedFrom() throws IOException {
        String dockerfile = """
                FROM busybox AS base
                RUN echo base > /base
                FROM busybox AS unneeded
                RUN exit 1
                FROM base AS left
                RUN echo left > /left; chown maria:staff /left; chmod 640 /left
                FROM busybox AS right
                RUN echo right > /right
                FROM scratch AS final
                COPY --from=left /left /base /files/
                COPY --from=3 /right /files/right-renamed
                COPY --from=busybox --chown=7:8 --chmod=0700 /etc/passwd /files/
                """;
        Result result = bench.build(Context.of(dockerfile));
        SolveResult image = result.image();
        assertEquals("left\n", bench.read(image, "/files/left"));
        assertEquals("base\n", bench.read(image, "/files/base"));
        assertEquals("right\n", bench.read(image, "/files/right-renamed"));
        var left = bench.inspect(image, r -> r.stat("/files/left"));
        assertEquals("1000:50 640", left.uid() + ":" + left.gid() + " " + Integer.toOctalString(left.mode()));
        var passwd = bench.inspect(image, r -> r.stat("/files/passwd"));
        assertEquals("7:8 700", passwd.uid() + ":" + passwd.gid() + " " + Integer.toOctalString(passwd.mode()));
        assertFalse(result.output().contains("unneeded"), result.output());
        assertTrue(result.output().contains("Step 10/10 : COPY --from=busybox"), result.output());
        int at = -1;
        for (int step = 1; step <= 10; step++) {
            int next = result.output().indexOf("Step " + step + "/10 : ");
            assertTrue(next > at, "steps are out of order: " + result.output());
            at = next;
        }
        Result target = bench.build(Context.of(dockerfile).target("right"));
        assertTrue(target.output().startsWith("Step 1/2 : FROM busybox AS right\n"), target.output());
        Result byNumber = bench.build(Context.of(dockerfile).target("0"));
        assertEquals("base\n", bench.read(byNumber.image(), "/base"));
        Result missing = bench.build(Context.of(dockerfile).target("none"));
        assertEquals("target stage \"none\" could not be found", missing.message());
    }

    @Test
    void failureInOneStageEndsTheBuild() {
        Result result = bench.build(Context.of("""
                FROM busybox AS slow
                RUN sleep 300
                FROM busybox AS broken
                RUN exit 3
                FROM scratch
                COPY --from=slow /bin /bin
                COPY --from=broken /bin /bin
                """));
        assertEquals(
                3, assertInstanceOf(StepFailedException.class, result.error()).exitCode());
    }

    @Test
    void heredocs() throws IOException {
        SolveResult image = bench.build(Context.of("""
                        FROM busybox
                        ARG NAME=forno
                        RUN <<EOF
                        set -e
                        echo "script of $NAME" > /script
                        echo second >> /script
                        EOF
                        RUN <<-ONE cat > /one && 3<<'TWO' cat <&3 > /two
                        	expanded $NAME
                        	ONE
                        literal $NAME
                        TWO
                        RUN <<EOF
                        #!/bin/cat
                        shown by cat
                        EOF
                        COPY <<greeting.txt <<'raw.txt' /files/
                        hello "$NAME"
                        greeting.txt
                        hello "$NAME"
                        raw.txt
                        COPY --chmod=755 <<-EOF /tabs
                        	#!/bin/sh
                        	EOF
                        """)).image();
        assertEquals("script of forno\nsecond\n", bench.read(image, "/script"));
        assertEquals("expanded forno\n", bench.read(image, "/one"));
        assertEquals("literal $NAME\n", bench.read(image, "/two"));
        assertEquals("hello \"forno\"\n", bench.read(image, "/files/greeting.txt"));
        assertEquals("hello \"$NAME\"\n", bench.read(image, "/files/raw.txt"));
        assertEquals("#!/bin/sh\n", bench.read(image, "/tabs"));
        int mode = bench.inspect(image, r -> r.stat("/tabs").mode());
        assertEquals(0755, mode);
    }

    @Test
    void triggersRunInTheChildBuildOnly() throws IOException {
        SolveResult parent = bench.build(Context.of("""
                FROM busybox
                ONBUILD COPY file /copied
                ONBUILD RUN cat /copied > /ran
                """)).image();
        bench.images.put("parent", new BaseImage(parent.id(), parent.config()));
        Result child = bench.build(Context.of("FROM parent\nCMD x\n").file("file", "by trigger"));
        assertTrue(child.output().contains("# Executing 2 build triggers\n"), child.output());
        assertEquals("by trigger", bench.read(child.image(), "/ran"));
        assertEquals(null, child.image().config().execution().onBuild());
    }

    @Test
    void globalAndPlatformArguments() throws IOException {
        Result result = bench.build(
                Context.of("""
                ARG VERSION=1
                ARG OVERRIDDEN=default
                FROM --platform=$TARGETPLATFORM busybox
                ARG VERSION
                ARG OVERRIDDEN=stage
                ARG TARGETARCH
                RUN echo "$VERSION $OVERRIDDEN $TARGETARCH [$UNDECLARED] $http_proxy" > /out
                """).arg("VERSION", "2").arg("UNDECLARED", "x").arg("http_proxy", "http://proxy"));
        assertEquals("2 stage amd64 [] http://proxy\n", bench.read(result.image(), "/out"));
        assertTrue(
                result.output().endsWith("[Warning] One or more build-args [UNDECLARED] were not consumed\n"),
                result.output());
        String createdBy = Objects.requireNonNull(
                Objects.requireNonNull(result.image().config().history())
                        .getLast()
                        .createdBy());
        assertFalse(createdBy.contains("proxy="), createdBy);
    }

    @Test
    void requestLabelsAreTakenLiterally() {
        Context context = Context.of("FROM busybox\n");
        context.labels.put("a", "it's $HOME \"quoted\"");
        Result result = bench.build(context);
        assertEquals(
                Map.of("a", "it's $HOME \"quoted\""),
                result.image().config().execution().labels());
        assertTrue(result.output().contains("Step 2/2 : LABEL a="), result.output());
    }

    @Test
    void bridgeNetworkGivesRunAnAddress() throws IOException {
        Context context = Context.of("FROM busybox\nRUN ip -4 addr show eth0 > /address && ip route > /route\n");
        context.network = "bridge";
        SolveResult image = bench.build(context).image();
        assertTrue(bench.read(image, "/address").contains("inet "));
        assertTrue(bench.read(image, "/route").startsWith("default via "));
    }

    @Test
    void whatIsMissingOrRefusedIsSaid() {
        assertFailure("FROM nothing\n", "No such image: nothing:latest");
        assertFailure("FROM ${NONE}\n", "base name (${NONE}) should not be blank");
        assertFailure("FROM scratch\n", "No image was generated. Is your Dockerfile empty?");
        assertFailure(
                "FROM busybox\nCOPY missing /\n",
                "COPY failed: file not found in build context or excluded by .dockerignore: stat missing: file does not exist");
        assertFailure("FROM busybox\nCOPY *.none /\n", "COPY failed: no source files were specified");
        assertFailure("FROM busybox\nCOPY ../x /\n", "COPY failed: forbidden path outside the build context: ../x ()");
        assertFailure("FROM busybox\nCOPY http://x/y /\n", "COPY failed: source can't be a URL for COPY");
        assertFailure(
                "FROM busybox\nCOPY Dockerfile Dockerfile /file\n",
                "When using COPY with more than one source file, the destination must be a directory and end with a /");
        assertFailure("FROM busybox\nCOPY --from=busybox /none /\n", "COPY failed: stat /none: file does not exist");
        assertFailure("FROM busybox\nCOPY --from=0 /a /\n", "invalid from flag value 0: refers to current build stage");
        assertFailure(
                "FROM busybox\nCOPY --chown=nobody2 Dockerfile /\n",
                "COPY failed: unable to convert uid/gid chown string \"nobody2\" to host mapping: no such user: nobody2");
        assertFailure("FROM busybox\nRUN --mount=type=cache,target=/c true\n", "RUN --mount is not in this version");
        assertFailure("FROM busybox\nSTOPSIGNAL SIGFOO\n", "invalid signal: SIGFOO");
        assertFailure("FROM busybox\nEXPOSE 80/foo\n", "invalid proto: foo");
        assertFailure("FROM busybox AS a\nFROM busybox AS A\n", "a stage name already used");
        assertFailure("FROM busybox\nFOO\n", "dockerfile parse error on line 2: unknown instruction: FOO");
    }

    private static void assertFailure(String dockerfile, String message) {
        assertEquals(
                message,
                assertInstanceOf(
                                FornoException.class,
                                bench.build(Context.of(dockerfile)).error())
                        .getMessage());
    }
}
