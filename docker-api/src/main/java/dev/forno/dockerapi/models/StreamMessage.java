package dev.forno.dockerapi.models;

import dev.forno.engine.images.Progress;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of a streamed answer: pull, push, load, import, build. */
@Json
public record StreamMessage(
        @Nullable String stream,
        @Nullable String status,
        @Nullable ProgressDetail progressDetail,
        @Nullable String id,
        @Nullable ErrorDetail errorDetail,
        @Nullable String error,
        @Nullable Map<String, Object> aux) {

    /** Bytes moved; both absent while a layer is in a state without bytes. */
    @Json
    public record ProgressDetail(
            @Nullable Long current, @Nullable Long total) {
        static final ProgressDetail NONE = new ProgressDetail(null, null);
    }

    /** Why the operation failed, and with which exit code a build step ended. */
    @Json
    public record ErrorDetail(@Nullable Integer code, String message) {}

    /** Text to be shown as it is. */
    public static StreamMessage text(String text) {
        return new StreamMessage(text, null, null, null, null, null, null);
    }

    /** A state of the whole operation. */
    public static StreamMessage status(String status) {
        return new StreamMessage(null, status, null, null, null, null, null);
    }

    /** The end of the operation in failure; {@code code} is a build step's exit code. */
    public static StreamMessage failure(String message, @Nullable Integer code) {
        return new StreamMessage(null, null, null, null, new ErrorDetail(code, message), message, null);
    }

    /** Facts for programs, as the id of an image that was built. */
    public static StreamMessage aux(Map<String, Object> facts) {
        return new StreamMessage(null, null, null, null, null, null, facts);
    }

    /** The lines of one step of progress. */
    public static List<StreamMessage> of(Progress progress) {
        return switch (progress) {
            case Progress.Text(var text) -> List.of(text(text));
            case Progress.Status(var id, var status) -> List.of(status(id, status));
            case Progress.Bytes(var id, var status, var current, var total) ->
                List.of(bytes(id, status, current, total));
            case Progress.Pushed(var tag, var digest, var size) ->
                List.of(
                        status(tag + ": digest: " + digest + " size: " + size),
                        new StreamMessage(
                                null,
                                null,
                                ProgressDetail.NONE,
                                null,
                                null,
                                null,
                                Map.of("Tag", tag, "Digest", digest, "Size", size)));
        };
    }

    private static StreamMessage status(@Nullable String id, String status) {
        // Clients redraw a line that has progress; the headline of a pull, whose id is the tag, must stay.
        boolean headline = id == null || status.startsWith("Pulling from ");
        return new StreamMessage(null, status, headline ? null : ProgressDetail.NONE, id, null, null, null);
    }

    /** Bytes moved for {@code id}; a total of 0 is unknown. */
    public static StreamMessage bytes(String id, String status, long current, long total) {
        ProgressDetail detail = new ProgressDetail(current, total > 0 ? total : null);
        return new StreamMessage(null, status, detail, id, null, null, null);
    }
}
