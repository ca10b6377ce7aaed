package dev.forno.cli.commands;

import dev.forno.cli.calls.EngineException;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates a container: asks for its image first when it has to. */
final class Creation {
    private Creation() {}

    static String create(Session session, Arguments arguments, boolean attached) throws IOException {
        return create(session, arguments, CreateRequest.build(arguments, attached));
    }

    static String create(Session session, Arguments arguments, Map<String, Object> document) throws IOException {
        String cidfile = arguments.text("cidfile");
        if (cidfile != null && Files.exists(Path.of(cidfile))) {
            throw new IOException(
                    "container ID file found, make sure the other container isn't running or delete " + cidfile);
        }
        String pull = arguments.text("pull", "missing");
        if (!pull.matches("always|missing|never")) {
            throw new CreateRequest.Invalid(new IllegalArgumentException(
                    "invalid pull option: '" + pull + "': must be one of \"always\", \"missing\" or \"never\""));
        }
        String image = arguments.operand(0);
        PrintStream progress = arguments.is("quiet") ? null : session.err();
        String platform = arguments.text("platform");
        if (pull.equals("always")) {
            Transfers.pull(session, reference(image), false, platform, progress);
        }
        Query query = Query.of("/containers/create")
                .withNullable("name", arguments.text("name"))
                .withNullable("platform", platform);
        Json answer;
        try {
            answer = session.engine().post(query, document);
        } catch (EngineException e) {
            if (!pull.equals("missing") || !e.isNotFound() || !isMissingImage(e, image)) {
                throw e;
            }
            if (progress != null) {
                progress.println("Unable to find image '" + reference(image).familiar() + "' locally");
            }
            Transfers.pull(session, reference(image), false, platform, progress);
            answer = session.engine().post(query, document);
        }
        for (String warning : answer.texts("Warnings")) {
            session.err().println("WARNING: " + warning);
        }
        String id = answer.text("Id");
        if (cidfile != null) {
            write(cidfile, id);
        }
        return id;
    }

    // other things than the image may be missing, as the container whose network is shared
    private static boolean isMissingImage(EngineException e, String image) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No such image") && isName(image);
    }

    private static boolean isName(String image) {
        try {
            return !Reference.parse(image).repository().isEmpty();
        } catch (FornoException e) {
            return false;
        }
    }

    private static Reference reference(String image) {
        return Transfers.parse(image).withDefaultTag();
    }

    private static void write(String cidfile, String id) throws IOException {
        try {
            Files.writeString(Path.of(cidfile), id, StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("failed to create the container ID file: " + cidfile + " exists", e);
        }
    }

    @SuppressWarnings("unchecked") // CreateRequest puts a map there
    static Map<String, Object> hostConfig(Map<String, Object> document) {
        @Nullable Object host = document.get("HostConfig");
        return (Map<String, Object>) java.util.Objects.requireNonNull(host);
    }
}
