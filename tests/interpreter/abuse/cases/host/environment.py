# The environment holds nothing of the bot's.
# prints: []
# prints: PermissionError
import os

known = "HOME TMPDIR LANG MPLCONFIGDIR OPENBLAS_NUM_THREADS OMP_NUM_THREADS MKL_NUM_THREADS NUMEXPR_NUM_THREADS JE_ARROW_MALLOC_CONF ARROW_DEFAULT_MEMORY_POOL TZ LC_CTYPE PWD PATH"
print([name for name in os.environ if name not in known.split()])
try:
    open("/proc/self/environ").read()
except OSError as error:
    print(type(error).__name__)
