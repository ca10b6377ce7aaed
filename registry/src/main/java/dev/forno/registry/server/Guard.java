package dev.forno.registry.server;

import dev.forno.http.server.Handler;
import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.registry.accounts.Right;
import java.io.IOException;
import java.util.Optional;

/** Stands before every route of a repository: reads its name and asks for the right that the route needs. */
final class Guard {
    private final Gate gate;
    private final Copies copies;

    Guard(Gate gate, Copies copies) {
        this.gate = gate;
        this.copies = copies;
    }

    /** The handler of a route that needs a right. */
    Handler with(Right right, Action action) {
        return (request, response) -> {
            VersionHeader.add(response);
            String repository = repository(request, response);
            Caller caller = gate.caller(request);
            caller.require(right, repository);
            if (right == Right.PUSH) {
                copies.refuseChange(repository);
            }
            action.run(repository, caller, request, response);
        };
    }

    /** The repository here; clients that use us as a mirror say in {@code ns} which registry they mean. */
    private String repository(Request request, Response response) {
        String name = Names.repository(request.pathParameter("name"));
        String host = request.query().text("ns");
        Optional<String> copy = host.isEmpty() ? Optional.empty() : copies.local(host, name);
        copy.ifPresent(found -> response.header("OCI-Namespace", host));
        return copy.map(Names::repository).orElse(name);
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
