package dev.forno.http.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The bridge from the HTTP library's handler to ours. */
final class ExchangeHandler extends org.eclipse.jetty.server.Handler.Abstract {
    private static final System.Logger LOG = System.getLogger("dev.forno.http.access");

    private final Handler handler;
    private final ErrorWriter errors;

    ExchangeHandler(Handler handler, ErrorWriter errors) {
        this.handler = handler;
        this.errors = errors;
    }

    @Override
    public boolean handle(
            org.eclipse.jetty.server.Request request, org.eclipse.jetty.server.Response response, Callback callback) {
        long start = System.nanoTime();
        Exchange exchange = new Exchange(request, response);
        Throwable failure = answer(exchange);
        if (failure == null) {
            failure = linger(exchange);
        }
        exchange.finish();
        // An interrupt belonged to the request, not to the sending of its last bytes.
        Thread.interrupted();
        if (failure == null) {
            callback.succeeded();
        } else {
            callback.failed(failure);
        }
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(
                    Level.DEBUG,
                    "{0} {1} -> {2} ({3} us)",
                    request.getMethod(),
                    request.getHttpURI().getPath(),
                    response.getStatus(),
                    (System.nanoTime() - start) / 1000);
        }
        return true;
    }

    private static @Nullable Throwable linger(Exchange exchange) {
        try {
            exchange.linger();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** Runs the handler; a non-null result means that the connection must be broken. */
    private @Nullable Throwable answer(Exchange exchange) {
        Request request = new Request(exchange, exchange.path(), Map.of());
        Response response = new Response(exchange);
        try {
            exchange.checkPath();
            handler.handle(request, response);
            return null;
        } catch (Exception | Error e) {
            if (exchange.committed() || exchange.clientGone()) {
                LOG.log(Level.DEBUG, () -> request.method() + " " + request.path() + " broke off", e);
                return e;
            }
            try {
                Thread.interrupted();
                exchange.reset();
                errors.write(e, request, response);
                return null;
            } catch (Exception again) {
                again.addSuppressed(e);
                return again;
            }
        }
    }
}
