# Limits cannot be raised.
# prints: []
import resource

raised = []
for name in dir(resource):
    if name.startswith("RLIMIT_"):
        limit = getattr(resource, name)
        soft, hard = resource.getrlimit(limit)
        if hard == resource.RLIM_INFINITY and name in ("RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_MEMLOCK", "RLIMIT_OFILE"):
            raised.append(name)
        if hard != resource.RLIM_INFINITY:
            try:
                resource.setrlimit(limit, (hard + 1, hard + 1))
                raised.append(name)
            except (ValueError, OSError):
                pass
print(raised)
