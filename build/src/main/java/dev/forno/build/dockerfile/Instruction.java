package dev.forno.build.dockerfile;

import dev.forno.oci.ImageConfig.Healthcheck;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One instruction of a Dockerfile. Words are as written: variables and quotes are expanded when it is executed, with
 * {@link Words}.
 */
public sealed interface Instruction {
    /** Where it stands. */
    Source source();

    /** The instruction's name in capitals, as {@code RUN}. */
    default String keyword() {
        return getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /** An instruction that changes the image's configuration (WORKDIR also makes its directory). */
    sealed interface Setting extends Instruction {}

    /** {@code FROM [--platform=…] image [AS name]}: begins a stage. {@code name} is in lower case. */
    record From(
            Source source,
            String image,
            @Nullable String platform,
            @Nullable String name) implements Instruction {}

    /**
     * {@code RUN}. Flags are kept as written; {@link RunMount} tells what a {@code --mount} asks for.
     *
     * @param mounts the {@code --mount} flags
     * @param network the {@code --network} flag
     * @param security the {@code --security} flag
     * @param devices the {@code --device} flags
     */
    record Run(
            Source source,
            CommandLine command,
            List<Heredoc> heredocs,
            List<RunMount> mounts,
            @Nullable String network,
            @Nullable String security,
            List<String> devices)
            implements Instruction {

        /** Whether the command is nothing but one here-document, which then is the script itself. */
        public boolean isScript() {
            return heredocs.size() == 1
                    && command.shellForm()
                    && HeredocWords.parse(command.words().getFirst().strip()) != null;
        }
    }

    /** {@code CMD}: the image's default arguments. */
    record Cmd(Source source, CommandLine command) implements Setting {}

    /** {@code ENTRYPOINT}: the image's executable. */
    record Entrypoint(Source source, CommandLine command) implements Setting {}

    /** {@code COPY}: files of the context, a stage or an image. */
    record Copy(Source source, Transfer transfer, @Nullable String from, boolean parents) implements Instruction {}

    /**
     * {@code ADD}: files, archives, addresses.
     *
     * @param checksum the expected digest of a remote file
     * @param keepGitDir whether a repository's {@code .git} stays, null when not said
     * @param unpack whether archives are extracted, null when not said
     */
    record Add(
            Source source,
            Transfer transfer,
            @Nullable String checksum,
            @Nullable Boolean keepGitDir,
            @Nullable Boolean unpack)
            implements Instruction {}

    /** {@code ENV}. */
    record Env(Source source, List<Assignment> variables) implements Setting {}

    /** {@code LABEL}. */
    record Label(Source source, List<Assignment> labels) implements Setting {}

    /** {@code ARG}; an argument without default has a null value. */
    record Arg(Source source, List<Parameter> parameters) implements Instruction {}

    /** {@code EXPOSE}. */
    record Expose(Source source, List<String> ports) implements Setting {}

    /** {@code VOLUME}. */
    record Volume(Source source, List<String> paths) implements Setting {}

    /** {@code USER}. */
    record User(Source source, String user) implements Setting {}

    /** {@code WORKDIR}. */
    record Workdir(Source source, String path) implements Setting {}

    /** {@code SHELL}. */
    record Shell(Source source, List<String> words) implements Setting {}

    /** {@code STOPSIGNAL}. */
    record StopSignal(Source source, String signal) implements Setting {}

    /** {@code HEALTHCHECK}. */
    record HealthCheck(Source source, Healthcheck check) implements Setting {}

    /** {@code ONBUILD}: the trigger's text, heredocs included, and itself parsed. */
    record OnBuild(Source source, String expression, Instruction trigger) implements Setting {}

    /** {@code MAINTAINER}. */
    record Maintainer(Source source, String name) implements Setting {}

    /** A name and value of ENV or LABEL; {@code equals} says whether it was written {@code name=value}. */
    record Assignment(String name, String value, boolean equals) {}

    /** A build argument and its default. */
    record Parameter(String name, @Nullable String value) {}

    /**
     * What COPY and ADD have in common.
     *
     * @param sources paths, patterns or addresses
     * @param inline heredocs among the sources
     * @param destination the destination as written
     * @param chown {@code user[:group]}
     * @param chmod octal or symbolic mode
     * @param link the {@code --link} flag
     * @param excludes the {@code --exclude} patterns
     */
    record Transfer(
            List<String> sources,
            List<Heredoc> inline,
            String destination,
            @Nullable String chown,
            @Nullable String chmod,
            boolean link,
            List<String> excludes) {}

    /**
     * A {@code RUN --mount}.
     *
     * @param type bind, cache, tmpfs, secret or ssh
     * @param options the other keys as written; a key without value has the value {@code true}
     */
    record RunMount(String type, List<Parameter> options) {}
}
