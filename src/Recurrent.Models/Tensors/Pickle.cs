using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>
/// Reads of Python's pickles the few operations that tensors need, into plain values: null, bool, long, double, string, lists,
/// <see cref="PickleTuple"/>, <see cref="PickleDictionary"/> and what <see cref="PickleNames"/> makes. It can execute nothing:
/// names are looked up in a list of those that PyTorch writes for tensors, and everything else is refused by its name.
/// </summary>
internal sealed class Pickle
{
    private const int MostOperations = 1 << 22;
    private const int MostContainers = 1 << 19;
    private const int MostText = 1 << 16;
    private const int MostLongBytes = 16;

    private static readonly object Mark = new();

    private readonly Stream stream;
    private readonly Func<PickleTuple, object> load;
    private readonly List<object?> stack = [];
    private readonly Dictionary<long, object?> memo = [];
    private readonly long start;
    private int containers;

    private Pickle(Stream stream, Func<PickleTuple, object> load)
    {
        this.stream = stream;
        this.load = load;
        start = stream.Position;
    }

    /// <summary>Reads one pickle, from where the stream stands to behind its end.</summary>
    /// <param name="stream">The stream, which knows its position.</param>
    /// <param name="load">What a persistent id stands for: a storage.</param>
    /// <exception cref="ModelFormatException">It is no pickle, or not one of tensors.</exception>
    public static object? Read(Stream stream, Func<PickleTuple, object> load)
    {
        var pickle = new Pickle(stream, load);
        try
        {
            return pickle.Run();
        }
        catch (ArgumentException exception)
        {
            throw pickle.Wrong("an operation asks for more than there is", exception);
        }
    }

    private object? Run()
    {
        for (int i = 0; i < MostOperations; i++)
        {
            int operation = stream.ReadByte();
            switch (operation)
            {
                case '.':
                    return Pop();
                case < 0:
                    throw Wrong("it ends early: was the file cut off?");
                case 0x80: // PROTO
                    int protocol = Byte();
                    if (protocol is < 2 or > 5)
                    {
                        throw Wrong(FormattableString.Invariant($"protocol {protocol} is not read here: 2 to 5 are"));
                    }

                    break;
                case 0x95: // FRAME: how long what follows is, which is found out anyway
                    _ = Number(sizeof(long));
                    break;
                default:
                    if (!Value(operation) && !Container(operation) && !Memory(operation) && !Call(operation))
                    {
                        throw Wrong($"the operation {Name(operation)} is not one that tensors need, and is not carried out");
                    }

                    break;
            }
        }

        throw Wrong("it is longer than one of tensors would be");
    }

    private bool Value(int operation)
    {
        object? value;
        switch (operation)
        {
            case 'N':
                value = null;
                break;
            case 0x88:
                value = true;
                break;
            case 0x89:
                value = false;
                break;
            case 'K':
                value = (long)Byte();
                break;
            case 'M':
                value = Number(2);
                break;
            case 'J':
                value = (long)(int)Number(4);
                break;
            case 0x8A:
                value = Long(Byte());
                break;
            case 'G':
                Span<byte> bytes = stackalloc byte[sizeof(double)];
                Fill(bytes);
                value = BinaryPrimitives.ReadDoubleBigEndian(bytes);
                break;
            case 0x8C:
                value = Text(Byte());
                break;
            case 'X':
                value = Text(Number(4));
                break;
            case 0x8D:
                value = Text(Number(8));
                break;
            case 'U': // Python 2's texts
                value = Text(Byte());
                break;
            case 'T':
                value = Text(Number(4));
                break;
            default:
                return false;
        }

        stack.Add(value);
        return true;
    }

    private bool Container(int operation)
    {
        switch (operation)
        {
            case '(':
                stack.Add(Mark);
                break;
            case '0':
                _ = Pop();
                break;
            case '1':
                _ = Marked();
                break;
            case ')':
                stack.Add(new PickleTuple([]));
                break;
            case 0x85 or 0x86 or 0x87:
                stack.Add(Made(new PickleTuple(Last(operation - 0x84))));
                break;
            case 't':
                stack.Add(Made(new PickleTuple(Marked())));
                break;
            case ']':
                stack.Add(Made(new List<object?>()));
                break;
            case 'a':
                object? item = Pop();
                As<List<object?>>(stack[^1]).Add(item);
                break;
            case 'e':
                object?[] items = Marked();
                As<List<object?>>(stack[^1]).AddRange(items);
                break;
            case 'l':
                stack.Add(Made(new List<object?>(Marked())));
                break;
            case '}':
                stack.Add(Made(new PickleDictionary()));
                break;
            case 's':
                Set(As<PickleDictionary>(stack[^3]), Last(2));
                break;
            case 'u':
                object?[] pairs = Marked();
                Set(As<PickleDictionary>(stack[^1]), pairs);
                break;
            default:
                return false;
        }

        return true;
    }

    private bool Memory(int operation)
    {
        switch (operation)
        {
            case 'q':
                memo[Byte()] = stack[^1];
                break;
            case 'r':
                memo[Number(4)] = stack[^1];
                break;
            case 0x94:
                memo[memo.Count] = stack[^1];
                break;
            case 'h':
                stack.Add(Remembered(Byte()));
                break;
            case 'j':
                stack.Add(Remembered(Number(4)));
                break;
            default:
                return false;
        }

        return true;
    }

    private bool Call(int operation)
    {
        switch (operation)
        {
            case 'c':
                stack.Add(Made(PickleNames.Find(Line(), Line(), Wrong)));
                break;
            case 0x93:
                object?[] names = Last(2);
                stack.Add(Made(PickleNames.Find(As<string>(names[0]), As<string>(names[1]), Wrong)));
                break;
            case 'R':
                object?[] call = Last(2);
                stack.Add(Made(As<PickleName>(call[0]).Call(new(As<PickleTuple>(call[1]).Items, Wrong))));
                break;
            case 'b':
                // Of what is put on an object, a state_dict has the versions of its modules, which nobody needs here.
                _ = Pop();
                _ = As<PickleDictionary>(stack[^1]);
                break;
            case 'Q':
                stack.Add(Made(load(As<PickleTuple>(Pop()))));
                break;
            default:
                return false;
        }

        return true;
    }

    private T As<T>(object? value)
        where T : class => value as T ?? throw Wrong("an operation meets something else than it is for");

    private T Made<T>(T container)
    {
        if (++containers > MostContainers)
        {
            throw Wrong("it makes more than one of tensors would");
        }

        return container;
    }

    private void Set(PickleDictionary target, object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
        {
            throw Wrong("a dictionary gets a key without a value");
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            // Keys of other kinds, such as those of an optimizer's state, are kept as texts.
            string key = pairs[i] switch
            {
                string text => text,
                long number => number.ToString(CultureInfo.InvariantCulture),
                _ => throw Wrong("a dictionary has a key that is neither a text nor a whole number"),
            };
            target[key] = pairs[i + 1];
        }
    }

    private object? Remembered(long number) => memo.TryGetValue(number, out object? value) ? value
        : throw Wrong("it goes back to something that it has not kept");

    private object? Pop()
    {
        object? value = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return value == Mark ? throw Wrong("an operation takes a mark for a value") : value;
    }

    private object?[] Last(int count)
    {
        object?[] values = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        return System.Array.IndexOf(values, Mark) < 0 ? values : throw Wrong("an operation takes a mark for a value");
    }

    private object?[] Marked()
    {
        int mark = stack.LastIndexOf(Mark);
        object?[] values = [.. stack[(mark + 1)..]];
        stack.RemoveRange(mark, stack.Count - mark);
        return values;
    }

    private int Byte() => stream.ReadByte() is >= 0 and var value ? value : throw Wrong("it ends early: was the file cut off?");

    private long Number(int width)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        bytes.Clear();
        Fill(bytes[..width]);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <summary>A whole number of any length; the one that is longer than a long is the magic number of old files.</summary>
    private object Long(int width)
    {
        if (width > MostLongBytes)
        {
            throw Wrong("a whole number is too long");
        }

        Span<byte> bytes = stackalloc byte[width];
        Fill(bytes);
        var value = new System.Numerics.BigInteger(bytes);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value.ToString("x", CultureInfo.InvariantCulture);
    }

    private string Text(long length)
    {
        if (length is < 0 or > MostText)
        {
            throw Wrong("a text is too long");
        }

        var bytes = new byte[length];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private string Line()
    {
        var text = new StringBuilder();
        for (int letter = Byte(); letter != '\n'; letter = Byte())
        {
            _ = text.Length < PickleNames.Longest ? text.Append((char)letter) : throw Wrong("a name is too long");
        }

        return text.ToString();
    }

    private void Fill(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Wrong("it ends early: was the file cut off?");
        }
    }

    private ModelFormatException Wrong(string problem) => Wrong(problem, null);

    private ModelFormatException Wrong(string problem, Exception? cause) => new(string.Create(CultureInfo.InvariantCulture,
        $"byte {stream.Position - start} of the pickle"), $"{problem}.", cause);

    private static string Name(int operation) => operation switch
    {
        'i' => "INST (i)",
        'o' => "OBJ (o)",
        0x81 => "NEWOBJ",
        0x92 => "NEWOBJ_EX",
        0x82 or 0x83 or 0x84 => "EXT",
        'P' => "PERSID (P)",
        'I' or 'L' or 'F' or 'S' or 'V' or 'p' or 'g' or 'd' => $"'{(char)operation}' of protocol 0",
        0x8B => "LONG4",
        'B' or 'C' or 0x8E or 0x96 => "BYTES",
        0x8F or 0x90 or 0x91 => "of sets",
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{operation:X2}"),
    };
}
