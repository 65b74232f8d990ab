using System.Buffers;

namespace Recurrent.Serialization;

/// <content>The grammar, byte by byte.</content>
internal sealed partial class StrictJson
{
    private const int MaxDepth = JsonTree.MaxDepth;

    // Longer ones would be read whole before anybody could refuse them.
    private const int LongestKey = 1 << 10;
    private const int LongestText = 1 << 20;

    // Of an escape, \u0000: no letter takes more bytes.
    private const int LongestLetter = 6;

    /// <summary>Most letters of a text. So many are read even where all of them are escaped, and no more are written.</summary>
    internal const int MostLetters = LongestText / LongestLetter;

    private const long MostText = 1 << 26;

    // The reader of tokens would make another character of it, and names that differ would be the same.
    private const string HalfPair = "the text holds half of a surrogate pair";

    private static readonly SearchValues<byte> EndsOfText =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private readonly byte[] key = new byte[16];
    private readonly string[] keys = new string[MaxDepth + 1];
    private readonly bool[] isObject = new bool[MaxDepth + 1];
    private Expect expect = Expect.Value;
    private int depth;
    private int textLength;
    private bool hasEscape;
    private long allText;
    private int escape;
    private int escaped;
    private bool half;
    private Number number;
    private byte[] literal = [];
    private int matched;

    private enum Expect
    {
        Value,
        ValueOrEnd,
        KeyOrEnd,
        Key,
        Colon,
        CommaOrEnd,
        KeyText,
        Text,
        NumberText,
        Digits,
        Literal,
        End,
    }

    private enum Number
    {
        Minus,
        Zero,
        Whole,
        Point,
        Fraction,
        E,
        Sign,
        Exponent,
    }

    /// <summary>Takes the next byte outside of texts.</summary>
    /// <returns>Whether it was taken; otherwise it ended a number and is to be looked at again, or it is wrong.</returns>
    private bool Step(byte next)
    {
        switch (expect)
        {
            case Expect.Digits:
                return StepNumber(next);
            case Expect.Literal:
                return StepLiteral(next);
        }

        if (next is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            if (next == (byte)'\n')
            {
                line++;
                lineStart = position + 1;
            }

            return true;
        }

        return expect switch
        {
            Expect.Value => StepValue(next),
            Expect.ValueOrEnd => next == (byte)']' ? CloseGroup() : StepValue(next),
            Expect.Key or Expect.KeyOrEnd => next switch
            {
                (byte)'"' => StartText(Expect.KeyText),
                (byte)'}' when expect == Expect.KeyOrEnd => CloseGroup(),
                (byte)'}' => Refuse("a comma stands before the end"),
                _ => Refuse("a key in double quotes was expected"),
            },
            Expect.Colon => next == (byte)':' ? Go(Expect.Value) : Refuse("a colon was expected"),
            Expect.CommaOrEnd => StepAfterValue(next),
            _ => Refuse(next == 0 ? "The document is not text: it has the character 0"
                : "there is more after the end of the document"),
        };
    }

    private bool StepValue(byte next)
    {
        switch (next)
        {
            case (byte)'{' or (byte)'[':
                if (depth == MaxDepth)
                {
                    return Refuse(FormattableString.Invariant($"the document is nested deeper than {MaxDepth} levels"));
                }

                StartGroup(next == (byte)'{');
                depth++;
                isObject[depth] = next == (byte)'{';
                keys[depth] = string.Empty;
                return Go(isObject[depth] ? Expect.KeyOrEnd : Expect.ValueOrEnd);
            case (byte)'"':
                if (IsData())
                {
                    numbers = new Base64Numbers();
                    return Go(Expect.NumberText);
                }

                return StartText(Expect.Text);
            case (byte)'t':
                return Start("true"u8);
            case (byte)'f':
                return Start("false"u8);
            case (byte)'n':
                return Start("null"u8);
            case (byte)'-':
                number = Number.Minus;
                return Go(Expect.Digits);
            case (byte)'0':
                number = Number.Zero;
                return Go(Expect.Digits);
            case >= (byte)'1' and <= (byte)'9':
                axis = next - '0';
                number = Number.Whole;
                return Go(Expect.Digits);
            case (byte)']' or (byte)'}':
                return Refuse("a value was expected before this end; JSON has no comma before it");
            case (byte)'/':
                return Refuse("a value was expected; JSON has no comments");
            case (byte)'\'':
                return Refuse("a text stands in double quotes");
            default:
                return Refuse(next == 0 ? "The document is not text: it has the character 0" : "this is not JSON");
        }
    }

    private bool StepAfterValue(byte next) => next switch
    {
        (byte)',' => Go(isObject[depth] ? Expect.Key : Expect.Value),
        (byte)'}' when isObject[depth] => CloseGroup(),
        (byte)']' when !isObject[depth] => CloseGroup(),
        (byte)'/' => Refuse("a comma or the end was expected; JSON has no comments"),
        _ => Refuse("a comma or the end was expected"),
    };

    private bool StepNumber(byte next)
    {
        bool digit = next is >= (byte)'0' and <= (byte)'9';
        Number? now = number switch
        {
            Number.Minus when digit => next == (byte)'0' ? Number.Zero : Number.Whole,
            Number.Whole or Number.Fraction or Number.Exponent when digit => number,
            Number.Zero or Number.Whole when next == (byte)'.' => Number.Point,
            Number.Point when digit => Number.Fraction,
            Number.Zero or Number.Whole or Number.Fraction when next is (byte)'e' or (byte)'E' => Number.E,
            Number.E when next is (byte)'+' or (byte)'-' => Number.Sign,
            Number.E or Number.Sign when digit => Number.Exponent,
            _ => null,
        };
        if (now is { } state)
        {
            number = state;
            axis = Math.Min((axis * 10) + (next - '0'), int.MaxValue);
            return true;
        }

        if (IsWhole(number) && next is (byte)',' or (byte)']' or (byte)'}' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            EndAxis();
            return !EndValue();
        }

        return Refuse(number == Number.Zero && (digit || next is (byte)'x' or (byte)'X')
            ? "a number does not begin with 0, but is decimal: write 10, not 010 or 0xA"
            : "the number is not one of JSON");
    }

    private bool StepLiteral(byte next)
    {
        if (matched == literal.Length || next != literal[matched])
        {
            return Refuse("this is not JSON");
        }

        matched++;
        return matched < literal.Length || EndValue();
    }

    private bool Start(ReadOnlySpan<byte> text)
    {
        literal = text.ToArray();
        matched = 1;
        return Go(Expect.Literal);
    }

    private bool StartText(Expect kind)
    {
        textLength = 0;
        hasEscape = false;
        return Go(kind);
    }

    private bool CloseGroup()
    {
        shapeDepth = depth == shapeDepth ? -1 : shapeDepth;
        depth--;
        return EndValue();
    }

    private bool EndValue() => Go(depth == 0 ? Expect.End : Expect.CommaOrEnd);

    private bool Go(Expect next)
    {
        expect = next;
        return true;
    }

    private bool Refuse(string what)
    {
        Problem = Wrong(what);
        return false;
    }

    private string Wrong(string what) =>
        FormattableString.Invariant($"{what} (line {line}, position {position - lineStart + 1}).");

    private static bool IsWhole(Number number) => number is Number.Zero or Number.Whole or Number.Fraction or Number.Exponent;

    /// <summary>Takes over what is left of a text, as far as it is there.</summary>
    private int PassText(ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        while (i < bytes.Length)
        {
            if (escape > 0)
            {
                if (!StepEscape(bytes[i]))
                {
                    break;
                }

                i++;
                continue;
            }

            int run = bytes[i..].IndexOfAny(EndsOfText);
            run = run < 0 ? bytes.Length - i : run;
            if ((half && (run > 0 || bytes[i] != (byte)'\\') && !Refuse(HalfPair)) || !Note(bytes.Slice(i, run)))
            {
                break;
            }

            i += run;
            if (i == bytes.Length)
            {
                break;
            }

            if (bytes[i] == (byte)'"')
            {
                i++;
                EndText();
                break;
            }

            if (bytes[i] != (byte)'\\')
            {
                Problem = Wrong(bytes[i] == 0 ? "The document is not text: it has the character 0"
                    : "a text holds a control character that is not escaped");
                break;
            }

            textLength += LongestLetter;
            allText += LongestLetter;
            hasEscape = true;
            escape = 1;
            i++;
        }

        bytes[..i].CopyTo(output.AsSpan(outputEnd));
        outputEnd += i;
        return i;
    }

    private bool StepEscape(byte next)
    {
        if (escape == 1)
        {
            escaped = 0;
            if (half && next != (byte)'u')
            {
                return Refuse(HalfPair);
            }

            escape = next switch
            {
                (byte)'u' => 2,
                (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => 0,
                _ => -1,
            };
        }
        else
        {
            escaped = (escaped * 16) + HexDigit(next);
            escape = !char.IsAsciiHexDigit((char)next) ? -1 : escape == 5 ? 0 : escape + 1;
            if (escape == 0)
            {
                if (half != char.IsLowSurrogate((char)escaped))
                {
                    return Refuse(HalfPair);
                }

                half = char.IsHighSurrogate((char)escaped);
            }
        }

        return escape >= 0 || Refuse("there is no such escape in JSON");
    }

    private static int HexDigit(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private bool Note(ReadOnlySpan<byte> part)
    {
        int most = expect == Expect.KeyText ? LongestKey : LongestText;
        if (textLength > most || part.Length > most - textLength || (allText += part.Length) > MostText)
        {
            return Refuse(expect == Expect.KeyText ? "the key is too long" : "the text is too long");
        }

        if (textLength + part.Length <= key.Length)
        {
            part.CopyTo(key.AsSpan(textLength));
        }

        textLength += part.Length;
        return true;
    }

    private void EndText()
    {
        if (expect == Expect.Text)
        {
            EndValue();
            return;
        }

        ReadOnlySpan<byte> name = key.AsSpan(0, Math.Min(textLength, key.Length));

        // The names that are looked for have no escapes.
        keys[depth] = hasEscape || textLength > key.Length ? string.Empty
            : name.SequenceEqual("data"u8) ? "data"
            : name.SequenceEqual("shape"u8) ? "shape"
            : name.SequenceEqual("weights"u8) ? "weights"
            : name.SequenceEqual("states"u8) ? "states"
            : name.SequenceEqual("training"u8) ? "training"
            : name.SequenceEqual("slots"u8) ? "slots"
            : string.Empty;
        expect = Expect.Colon;
    }
}
