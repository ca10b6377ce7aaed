package dev.forno.dockerapi;

import dev.forno.engine.builds.Builds;
import dev.forno.engine.containers.ContainerFiles;
import dev.forno.engine.containers.ContainerStats;
import dev.forno.engine.containers.ContainerStreams;
import dev.forno.engine.containers.Containers;
import dev.forno.engine.containers.Execs;
import dev.forno.engine.containers.Tasks;
import dev.forno.engine.events.Events;
import dev.forno.engine.images.ImageServices;
import dev.forno.engine.networks.Networks;
import dev.forno.engine.system.Housekeeping;
import dev.forno.engine.system.SystemService;
import dev.forno.engine.volumes.Volumes;

/** The engine's services that the API translates to; each route group takes only those that it uses. */
public record EngineServices(
        Containers containers,
        Tasks tasks,
        ContainerStreams streams,
        Execs execs,
        ContainerFiles files,
        ContainerStats stats,
        Volumes volumes,
        Networks networks,
        ImageServices images,
        Builds builds,
        Events events,
        SystemService system,
        Housekeeping housekeeping) {}
