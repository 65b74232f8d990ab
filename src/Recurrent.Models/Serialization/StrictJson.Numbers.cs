namespace Recurrent.Serialization;

/// <content>The numbers of arrays, which are taken out.</content>
internal sealed partial class StrictJson
{
    // The places at which an array's numbers may be: "weights", "states" or "training.slots" hold the arrays.
    private const int ShallowData = 3;
    private const int DeepData = 4;

    private readonly Queue<ArrayBytes> lifted = new();
    private Base64Numbers? numbers;
    private ByteSource? source;
    private bool skipped;
    private bool isIrregular;

    // Product of the axes under the key "shape" of the object that is open, and where they are listed.
    private long shapeSize;
    private int shapeDepth = -1;
    private long axis;

    /// <summary>The numbers that the next <see cref="Placeholder"/> stands for.</summary>
    public ArrayBytes TakeNumbers() => lifted.Dequeue();

    /// <summary>Whether the text that begins is the numbers of an array.</summary>
    private bool IsData() => isObject[depth] && keys[depth] == "data" && depth switch
    {
        ShallowData => keys[1] is "weights" or "states" && !isObject[2],
        DeepData => keys[1] == "training" && keys[2] == "slots" && !isObject[3],
        _ => false,
    };

    private void StartGroup(bool isObject)
    {
        if (isObject)
        {
            shapeSize = 0;
        }
        else if (this.isObject[depth] && keys[depth] == "shape")
        {
            shapeSize = 1;
            shapeDepth = depth + 1;
        }
    }

    private void EndAxis()
    {
        if (depth == shapeDepth)
        {
            shapeSize = number == Number.Whole ? Math.Min(shapeSize * axis, int.MaxValue) : 0;
        }
    }

    /// <summary>Whether numbers begin that go on behind what is there, as many as the shape before them says.</summary>
    /// <param name="rest">What is left of the block.</param>
    private bool IsLarge(ReadOnlySpan<byte> rest) => !isIrregular && numbers!.IsNew
        && sizeof(Real) == sizeof(float) && BitConverter.IsLittleEndian
        && shapeSize is >= LargeArrays.Worth and < int.MaxValue && LargeArrays.DigitCount(shapeSize) > rest.Length
        && !rest.Contains((byte)'"');

    /// <summary>Takes numbers in base64 out of the file itself, several pieces at once.</summary>
    /// <param name="at">Where in the stream they begin.</param>
    /// <returns>Whether there are as many as the shape says; else nothing has happened, and they are read one after the
    /// other.</returns>
    private bool TryLiftWhole(long at)
    {
        long end = at + LargeArrays.DigitCount(shapeSize);
        source ??= ByteSource.Of(inner);
        Span<byte> quote = stackalloc byte[1];
        if (source is null || end >= source.Length || end - blockEnd > limit - total)
        {
            return false;
        }

        source.Read(end, quote);
        float[] values = quote[0] == (byte)'"' ? GC.AllocateUninitializedArray<float>((int)shapeSize) : [];
        if (values.Length == 0 || !LargeArrays.TryDecode(source, at, values, out long notFinite))
        {
            // It is not tried again, so that room is made in vain once at most.
            isIrregular = true;
            return false;
        }

        EndNumbers(new ArrayBytes((Real[])(object)values, notFinite));
        end++;
        position += end - at;
        total += end - blockEnd;
        blockEnd = end;
        inner.Position = end;
        skipped = true;
        return true;
    }

    /// <summary>Takes numbers in base64 out.</summary>
    private int Lift(ReadOnlySpan<byte> bytes)
    {
        int taken = numbers!.Take(bytes);
        if (numbers.IsBroken)
        {
            Problem = Wrong("the base64 is broken");
        }
        else if (numbers.IsWhole)
        {
            EndNumbers(numbers.Bytes);
        }

        return taken;
    }

    private void EndNumbers(ArrayBytes taken)
    {
        lifted.Enqueue(taken);
        numbers = null;
        foreach (char letter in Placeholder)
        {
            output[outputEnd++] = (byte)letter;
        }

        EndValue();
    }
}
