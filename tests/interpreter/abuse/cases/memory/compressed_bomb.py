# A small compressed text that is large when it is read raises a MemoryError.
# ends: raised MemoryError: … or out of memory or killed …
# note: …
# seconds: 30
import zlib

packer = zlib.compressobj(9)
parts = [packer.compress(bytes(10_000_000)) for _ in range(60)] + [packer.flush()]
zlib.decompress(b"".join(parts))
