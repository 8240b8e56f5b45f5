# Numbers of which nobody knows what they do are answered as if there were no such call.
# prints: {'ENOSYS'}
import attack

# Not 335 and 336: the kernel answers those itself, before any filter, with a signal to whoever is not its own code.
print({attack.call(number, 0, 0, 0, 0, 0, 0) for number in [*range(470, 1100), *range(337, 424), 1 << 20, -1, 0x7FFFFFFF]})
