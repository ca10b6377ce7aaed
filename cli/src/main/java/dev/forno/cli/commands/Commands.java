package dev.forno.cli.commands;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All commands by name. A command's class is loaded when it is asked for. */
public final class Commands {
    /** This program's version. */
    public static final String VERSION = Versions.VERSION;

    /** The commands in the order of the help. */
    public static final List<String> TOP = List.of(
            "run", "exec", "ps", "build", "pull", "push", "images", "login", "logout", "version", "info", "attach",
            "commit", "cp", "create", "diff", "events", "export", "history", "import", "inspect", "kill", "load",
            "logs", "pause", "port", "rename", "restart", "rm", "rmi", "save", "start", "stats", "stop", "tag", "top",
            "unpause", "update", "wait");

    /** The groups of commands. */
    public static final List<String> GROUPS = List.of("builder", "container", "image", "network", "system", "volume");

    private Commands() {}

    /** The commands of a group. */
    public static List<String> in(String group) {
        return switch (group) {
            case "builder" -> List.of("build", "prune");
            case "container" ->
                List.of(
                        "attach", "commit", "cp", "create", "diff", "exec", "export", "inspect", "kill", "logs", "ls",
                        "pause", "port", "prune", "rename", "restart", "rm", "run", "start", "stats", "stop", "top",
                        "unpause", "update", "wait");
            case "image" ->
                List.of(
                        "build", "history", "import", "inspect", "load", "ls", "prune", "pull", "push", "rm", "save",
                        "tag");
            case "network" -> List.of("inspect", "ls", "prune");
            case "system" -> List.of("df", "events", "info", "prune");
            case "volume" -> List.of("create", "inspect", "ls", "prune", "rm");
            default -> List.of();
        };
    }

    /** What a group is for. */
    public static String summary(String group) {
        return switch (group) {
            case "builder" -> "Build images and care for the build cache";
            case "container" -> "Work with containers";
            case "image" -> "Work with images";
            case "network" -> "Look at networks";
            case "system" -> "Work with the engine as a whole";
            default -> "Work with volumes";
        };
    }

    /** A command of a group, null when there is none. */
    public static @Nullable Command find(String group, String name) {
        String plain =
                switch (name) {
                    case "list", "ps" -> "ls";
                    case "remove" -> "rm";
                    default -> name;
                };
        if (!in(group).contains(plain)) {
            return null;
        }
        return switch (group + " " + plain) {
            case "builder prune" -> BuildCache.prune();
            case "container inspect" -> Inspections.of("container");
            case "container ls" -> ContainerList.command();
            case "container prune" -> Pruning.containers();
            case "image inspect" -> Inspections.of("image");
            case "image ls" -> ImageList.command();
            case "image prune" -> Pruning.images();
            case "image rm" -> ImageCommands.remove();
            case "network inspect" -> Inspections.of("network");
            case "network ls" -> Networks.list();
            case "network prune" -> Pruning.networks();
            case "system df" -> DiskUsage.command();
            case "system prune" -> Pruning.system();
            case "volume create" -> Volumes.create();
            case "volume inspect" -> Inspections.of("volume");
            case "volume ls" -> Volumes.list();
            case "volume prune" -> Pruning.volumes();
            case "volume rm" -> Volumes.remove();
            default -> find(plain);
        };
    }

    /** A command without a group, null when there is none. */
    public static @Nullable Command find(String name) {
        return switch (name) {
            case "attach" -> Starting.attach();
            case "build" -> Building.command();
            case "commit" -> Exports.commit();
            case "cp" -> Copying.command();
            case "create" -> Running.create();
            case "diff" -> ContainerViews.diff();
            case "events" -> EventStream.command();
            case "exec" -> Executing.command();
            case "export" -> Exports.export();
            case "history" -> ImageHistory.command();
            case "images" -> ImageList.command();
            case "import" -> ImageCommands.importArchive();
            case "info" -> Information.command();
            case "inspect" -> Inspections.any();
            case "kill" -> ContainerLife.kill();
            case "load" -> ImageCommands.load();
            case "login" -> Logins.login();
            case "logout" -> Logins.logout();
            case "logs" -> ContainerViews.logs();
            case "pause" -> ContainerLife.pause();
            case "port" -> ContainerViews.port();
            case "ps" -> ContainerList.command();
            case "pull" -> Transfers.pull();
            case "push" -> Transfers.push();
            case "rename" -> ContainerLife.rename();
            case "restart" -> ContainerLife.restart();
            case "rm" -> ContainerLife.remove();
            case "rmi" -> ImageCommands.remove();
            case "run" -> Running.run();
            case "save" -> ImageCommands.save();
            case "start" -> Starting.start();
            case "stats" -> Statistics.command();
            case "stop" -> ContainerLife.stop();
            case "tag" -> ImageCommands.tag();
            case "top" -> ContainerViews.top();
            case "unpause" -> ContainerLife.unpause();
            case "update" -> Updating.command();
            case "version" -> Versions.command();
            case "wait" -> ContainerLife.await();
            default -> null;
        };
    }
}
