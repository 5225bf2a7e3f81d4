/** Names that Python takes. */

const keywords = new Set(['False', 'None', 'True', 'and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def', 'del', 'elif', 'else', 'except', 'finally', 'for', 'from', 'global', 'if', 'import', 'in', 'is', 'lambda', 'nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'try', 'while', 'with', 'yield', 'match', 'case', 'type'])

/** Exceptions of Python itself: one of ours that hid them would be caught, or not, by mistake. */
const builtins = new Set(['ArithmeticError', 'AssertionError', 'AttributeError', 'BlockingIOError', 'BrokenPipeError', 'BufferError', 'ChildProcessError', 'ConnectionAbortedError', 'ConnectionError', 'ConnectionRefusedError', 'ConnectionResetError', 'EOFError', 'EnvironmentError', 'FileExistsError', 'FileNotFoundError', 'FloatingPointError', 'IOError', 'ImportError', 'IndentationError', 'IndexError', 'InterruptedError', 'IsADirectoryError', 'KeyError', 'LookupError', 'MemoryError', 'ModuleNotFoundError', 'NameError', 'NotADirectoryError', 'NotImplementedError', 'OSError', 'OverflowError', 'PermissionError', 'ProcessLookupError', 'PythonFinalizationError', 'RecursionError', 'ReferenceError', 'RuntimeError', 'SyntaxError', 'SystemError', 'TabError', 'TimeoutError', 'TypeError', 'UnboundLocalError', 'UnicodeDecodeError', 'UnicodeEncodeError', 'UnicodeError', 'UnicodeTranslateError', 'ValueError', 'WindowsError', 'ZeroDivisionError'])

/** `taken`: the names that the others have. */
export function createClassNames(stem: string, taken: readonly string[]): (name: string) => string {
  const known = new Set(taken)
  return (name) => {
    if (!builtins.has(name)) return name
    let own = `${stem}${name}`
    while (known.has(own)) own = `Own${own}`
    known.add(own)
    return own
  }
}

/** Of the fields of one dataclass, by their names on the wire. */
export function pythonAttributes(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>()
  return new Map(names.map((name) => {
    // Two underscores in front would be mangled by the class, and a name in between is Python's own.
    const plain = name.replaceAll(/\W+/g, '_').replace(/^_+/, '')
    const begun = plain === '' ? 'field' : /^\d/.test(plain) ? `_${plain}` : plain
    const free = keywords.has(begun) ? `${begun}_` : begun
    let unique = free
    for (let count = 2; taken.has(unique); count += 1) unique = `${free}_${count}`
    taken.add(unique)
    return [name, unique] as const
  }))
}
