"""What a container may do, as the engine tells of it: not what docker-compose.yml asks for, but what came of it."""


def faults(container):
    """What `docker inspect` shows a container to lack of the confinement that every service has."""
    host, own = container["HostConfig"], container["Config"]
    held = {
        "user": own["User"] not in ("", "0", "root"),
        "read_only": host["ReadonlyRootfs"],
        "cap_drop: [ALL]": host["CapDrop"] == ["ALL"] and not host["CapAdd"],
        "no-new-privileges": "no-new-privileges:true" in (host["SecurityOpt"] or []),
        "mem_limit": host["Memory"] > 0,
        "logs that rotate": (host["LogConfig"]["Config"] or {}).get("max-size"),
        "stop_grace_period": own.get("StopTimeout"),
    }
    name = container["Name"].lstrip("/")
    return [f"{name} lacks {what}" for what, holds in held.items() if not holds]
