namespace Recurrent.Layers;

/// <summary>The sizes of an <see cref="MLSTMCell"/>, and where the rows of Z begin that belong to each gate.</summary>
/// <param name="Units">Rows of the values of all heads.</param>
/// <param name="Heads">Number of heads.</param>
/// <param name="KeyDim">Rows of a head's query and key.</param>
internal sealed record MLSTMSizes(int Units, int Heads, int KeyDim)
{
    /// <summary>Rows of a head's value.</summary>
    public int ValueDim => Units / Heads;

    /// <summary>Rows of the queries, or of the keys, of all heads.</summary>
    public int KeyRows => checked(Heads * KeyDim);

    /// <summary>Rows of the memories of all heads: a head's is one column of values for each row of the key.</summary>
    public int MemoryRows => checked(Units * KeyDim);

    /// <summary>First row of the keys; the queries stand above.</summary>
    public int Keys => KeyRows;

    /// <summary>First row of the values.</summary>
    public int Values => checked(2 * KeyRows);

    /// <summary>First row of the input gates.</summary>
    public int InputGate => checked(Values + Units);

    /// <summary>First row of the forget gates.</summary>
    public int ForgetGate => checked(InputGate + Heads);

    /// <summary>First row of the output gate.</summary>
    public int OutputGate => checked(ForgetGate + Heads);

    /// <summary>Rows of Z.</summary>
    public int All => checked(OutputGate + Units);

    /// <summary>Whether states and Z fit in arrays.</summary>
    public bool Fit => Math.Max((long)Units * KeyDim, (2L * Heads * KeyDim) + (2L * Units) + (2L * Heads)) <= int.MaxValue;

    /// <summary>What is wrong where the heads do not divide the units, and what would be right.</summary>
    public string Indivisible
    {
        get
        {
            int each = Heads >= 1 ? Math.Max(Units, 0) / Heads : 0;
            string units = each == 0
                ? FormattableString.Invariant($"{Heads}")
                : FormattableString.Invariant($"{(long)each * Heads} or {(each + 1L) * Heads}");
            return FormattableString.Invariant(
                $"numHeads must divide the units, but is {Heads} for {Units} units. Give {units} units, or other heads");
        }
    }

    /// <summary>A head's query in a column of Z.</summary>
    public Span<Real> QueryOf(Span<Real> z, int head) => z.Slice(head * KeyDim, KeyDim);

    /// <summary>A head's key in a column of Z.</summary>
    public Span<Real> KeyOf(Span<Real> z, int head) => z.Slice(Keys + (head * KeyDim), KeyDim);

    /// <summary>A head's value in a column of Z.</summary>
    public Span<Real> ValueOf(Span<Real> z, int head) => z.Slice(Values + (head * ValueDim), ValueDim);

    /// <summary>A head's rows of something that has as many as the values.</summary>
    public Span<Real> ValuesOf(Span<Real> values, int head) => values.Slice(head * ValueDim, ValueDim);

    /// <summary>A head's memory in a column of all of them.</summary>
    public Span<Real> MemoryOf(Span<Real> memory, int head) => memory.Slice(head * KeyDim * ValueDim, KeyDim * ValueDim);

    /// <summary>A head's normalizer in a column of all of them.</summary>
    public Span<Real> NormalizerOf(Span<Real> normalizer, int head) => normalizer.Slice(head * KeyDim, KeyDim);
}
