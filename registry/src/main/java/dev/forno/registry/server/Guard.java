package dev.forno.registry.server;

import dev.forno.http.server.Handler;
import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.registry.accounts.Right;
import java.io.IOException;

/** Stands before every route of a repository: reads its name and asks for the right that the route needs. */
final class Guard {
    private final Gate gate;

    Guard(Gate gate) {
        this.gate = gate;
    }

    /** The handler of a route that needs a right. */
    Handler with(Right right, Action action) {
        return (request, response) -> {
            VersionHeader.add(response);
            String repository = Names.repository(request.pathParameter("name"));
            Caller caller = gate.caller(request);
            caller.require(right, repository);
            action.run(repository, caller, request, response);
        };
    }

    /** The handler of a route that belongs to no repository. */
    Handler general(General action) {
        return (request, response) -> {
            VersionHeader.add(response);
            action.run(gate.caller(request), request, response);
        };
    }

    /** What a route does in a repository. */
    @FunctionalInterface
    interface Action {
        void run(String repository, Caller caller, Request request, Response response)
                throws IOException, InterruptedException;
    }

    /** What a route does that belongs to no repository. */
    @FunctionalInterface
    interface General {
        void run(Caller caller, Request request, Response response) throws IOException, InterruptedException;
    }
}
