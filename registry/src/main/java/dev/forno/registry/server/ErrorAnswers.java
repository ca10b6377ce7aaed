package dev.forno.registry.server;

import dev.forno.http.server.ErrorWriter;
import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.http.server.StatusException;
import dev.forno.oci.FornoException;
import dev.forno.registry.documents.RecordJson;
import dev.forno.registry.documents.RefusalDocument;
import dev.forno.registry.repositories.MissingReferences;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/** Tells every failure as the distribution specification has it. */
final class ErrorAnswers implements ErrorWriter {
    private static final Logger LOG = System.getLogger(ErrorAnswers.class.getName());
    private static final int MOST_DETAILS = 100;

    @Override
    public void write(Throwable failure, Request request, Response response) throws IOException {
        RegistryError error = translate(failure);
        if (error.status() >= 500) {
            LOG.log(Level.WARNING, request.method() + " " + request.path() + ": " + error.getMessage(), failure);
        }
        error.headers().forEach(response::header);
        response.status(error.status()).header("Content-Type", "application/json");
        VersionHeader.add(response);
        response.send(request.method().equals("HEAD") ? new byte[0] : body(error));
    }

    private static byte[] body(RegistryError error) {
        String code = error.code().name();
        String message = String.valueOf(error.getMessage());
        List<RefusalDocument.Entry> entries = error.details().isEmpty()
                ? List.of(new RefusalDocument.Entry(code, message, null))
                : error.details().stream()
                        .limit(MOST_DETAILS)
                        .map(detail -> new RefusalDocument.Entry(code, message, detail))
                        .toList();
        return RecordJson.write(RefusalDocument.class, new RefusalDocument(entries));
    }

    private static RegistryError translate(Throwable failure) {
        return switch (failure) {
            case RegistryError error -> error;
            case StatusException e ->
                new RegistryError(ofStatus(e.status()), e.status(), String.valueOf(e.getMessage()));
            case MissingReferences e ->
                new RegistryError(ErrorCode.MANIFEST_BLOB_UNKNOWN, 400, String.valueOf(e.getMessage()), e.digests());
            case FornoException e -> ofKind(e);
            // failures of the disk are FornoExceptions
            case IOException e ->
                new RegistryError(ErrorCode.BLOB_UPLOAD_INVALID, "the request broke off: " + e.getMessage());
            default -> new RegistryError(ErrorCode.UNKNOWN, "internal error: " + failure);
        };
    }

    private static ErrorCode ofStatus(int status) {
        return switch (status) {
            case 413 -> ErrorCode.SIZE_INVALID;
            case 416 -> ErrorCode.BLOB_UPLOAD_INVALID;
            default -> ErrorCode.UNSUPPORTED;
        };
    }

    private static RegistryError ofKind(FornoException e) {
        String message = e.getMessage();
        return switch (e.kind()) {
            case NOT_FOUND -> new RegistryError(ErrorCode.NAME_UNKNOWN, message);
            case ALREADY_EXISTS, CONFLICT, FAILED_PRECONDITION, NOT_MODIFIED ->
                new RegistryError(ErrorCode.UNSUPPORTED, 409, message);
            case INVALID_ARGUMENT -> new RegistryError(ErrorCode.UNSUPPORTED, 400, message);
            case UNAUTHENTICATED -> new RegistryError(ErrorCode.UNAUTHORIZED, message);
            case PERMISSION_DENIED -> new RegistryError(ErrorCode.DENIED, message);
            case UNAVAILABLE -> new RegistryError(ErrorCode.UNKNOWN, 502, message);
            case RESOURCE_EXHAUSTED -> new RegistryError(ErrorCode.UNKNOWN, 507, message);
            case DATA_LOSS, INTERNAL -> new RegistryError(ErrorCode.UNKNOWN, message);
            case CANCELLED -> new RegistryError(ErrorCode.UNKNOWN, 503, message);
            case NOT_IMPLEMENTED -> new RegistryError(ErrorCode.UNSUPPORTED, 501, message);
        };
    }
}
