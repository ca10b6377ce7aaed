package dev.forno.registry.server;

import dev.forno.http.server.Query;
import dev.forno.http.server.Request;
import dev.forno.http.server.Response;
import dev.forno.http.server.Router;
import dev.forno.registry.accounts.Grant;
import dev.forno.registry.accounts.Right;
import dev.forno.registry.accounts.Tokens;
import dev.forno.registry.documents.RecordJson;
import dev.forno.registry.documents.TokenDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The token service, in the two forms that clients know: Docker's by GET, and OAuth2's by POST. */
final class TokenRoutes {
    private static final int FORM_LIMIT = 64 << 10;
    private static final int MOST_SCOPES = 100;

    private final Accounts accounts;
    private final Tokens tokens;

    TokenRoutes(Accounts accounts, Tokens tokens) {
        this.accounts = accounts;
        this.tokens = tokens;
    }

    void addTo(Router router) {
        router.get(Challenges.TOKEN_PATH, this::get);
        router.post(Challenges.TOKEN_PATH, this::post);
    }

    private void get(Request request, Response response) throws IOException {
        // who can't log in here is asked for a password, not sent here again
        Challenges challenges = Challenges.basic(request);
        Optional<String> user =
                accounts.basic(request, request.header("Authorization").orElse(""), challenges);
        boolean offline = request.query().text("offline_token").equals("true");
        send(user, request.query(), offline, response);
    }

    private void post(Request request, Response response) throws IOException {
        Query form = Query.parse(new String(request.bytes(FORM_LIMIT), StandardCharsets.UTF_8));
        Challenges challenges = Challenges.basic(request);
        Optional<String> user =
                switch (form.text("grant_type")) {
                    case "password" -> {
                        accounts.check(request, form.text("username"), form.text("password"), challenges);
                        yield Optional.of(form.text("username"));
                    }
                    case "refresh_token" ->
                        Optional.of(tokens.verifyRefresh(form.text("refresh_token"))
                                .filter(accounts::current)
                                .orElseThrow(() -> challenges.refuse("the refresh token is not valid any more", "", ""))
                                .user());
                    default ->
                        throw new RegistryError(
                                ErrorCode.UNSUPPORTED, 400, "grant_type must be password or refresh_token");
                };
        send(user, form, form.text("access_type").equals("offline"), response);
    }

    private void send(Optional<String> user, Query parameters, boolean offline, Response response) throws IOException {
        String name = user.orElse("");
        String mark = accounts.mark(name);
        String token = tokens.access(name, mark, grants(user, parameters.all("scope")));
        String refresh = offline && user.isPresent() ? tokens.refresh(name, mark) : null;
        TokenDocument document = new TokenDocument(token, token, Tokens.ACCESS_LIFETIME.toSeconds(), refresh);
        response.header("Content-Type", "application/json")
                .header("Cache-Control", "no-store")
                .send(RecordJson.write(TokenDocument.class, document));
    }

    /** Of what is asked for, what the user has. */
    private List<Grant> grants(Optional<String> user, List<String> scopes) {
        List<Grant> grants = new ArrayList<>();
        List<String> all = scopes.stream()
                .flatMap(scope -> Arrays.stream(scope.split(" ")))
                .limit(MOST_SCOPES)
                .toList();
        for (String scope : all) {
            int last = scope.lastIndexOf(':');
            if (scope.startsWith("repository:") && last > "repository:".length()) {
                String repository = scope.substring("repository:".length(), last);
                Set<Right> rights = EnumSet.noneOf(Right.class);
                for (String action : scope.substring(last + 1).split(",")) {
                    if (action.equals("*")) {
                        rights.addAll(EnumSet.allOf(Right.class));
                    }
                    Right.of(action).ifPresent(rights::add);
                }
                rights.removeIf(right -> !accounts.allow(user, right, repository));
                grants.add(new Grant(repository, rights));
            }
        }
        return grants;
    }
}
