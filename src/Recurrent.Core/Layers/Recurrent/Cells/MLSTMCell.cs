using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The mLSTM cell (Beck, Pöppel, Spanring, Auer, Prudnikova, Kopp, Klambauer, Brandstetter and Hochreiter, "xLSTM: extended long
/// short-term memory", 2024): a memory that is a matrix for each head, written with keys and values and read with queries, behind
/// an exponential input gate. No gate sees the state.
/// </summary>
/// <remarks>
/// <code>
/// forward    q̃, k̃, ṽ, ĩ, f̃, õ = W·x_t + b         per head q, k of keyDim rows, v of units/numHeads, ĩ and f̃ one number
///            q = q̃    k = k̃/√keyDim    v = act(ṽ)    o = σ(õ)    f̂ = log f + m_{t−1}, where log f is log σ(f̃), or f̃
///            m_t = max(f̂, ĩ)           i' = exp(ĩ − m_t)    f' = exp(f̂ − m_t)
///            C_t = f'·C_{t−1} + i'·v·kᵀ    n_t = f'·n_{t−1} + i'·k
///            r   = 1/max(|n_t·q|, e^{−m_t})
///            h_t = o∘(r·C_t·q)
/// backward   with h̃ = r·C·q, dh̃ = o∘dh, do = dh∘h̃, g = dh̃·h̃
///            where |n·q| is larger   ds = −g/(n·q)       else   dm += g
///            dC += r·dh̃·qᵀ            dn += ds·q          dq = r·Cᵀ·dh̃ + ds·n
///            e = dCᵀ·v + dn           dk = i'·e           dv = i'·dC·k         dĩ = k·dk
///            df̂ = f'·(⟨dC, C_{t−1}⟩ + dn·n_{t−1})
///            r' = dm − (dĩ + df̂):     df̂ += r' where f̂ ≥ ĩ, else dĩ += r'
///            dC_{t−1} = f'·dC    dn_{t−1} = f'·dn    dm_{t−1} = df̂    df̃ = df̂·σ(−f̃), or df̂
/// </code>
/// <para>
/// C, n and m stand for <c>C·eᵐ</c> and <c>n·eᵐ</c>, so that nothing overflows; the paper's max(|n·q|, 1) is then max(|n·q|,
/// e⁻ᵐ). The factor 1/√keyDim is that of the whole key, as in the authors' code; the paper leaves b_k out of it.
/// </para>
/// <para>States: hidden (the output, which no later step reads), memory (units·keyDim, for each head and row of the key one
/// column of values), normalizer (numHeads·keyDim), stabilizer (numHeads). Parameters, in the order q, k, v, i, f, o: kernel
/// (features, 2·numHeads·keyDim + 2·units + 2·numHeads) and a bias of as many.</para>
/// </remarks>
public sealed partial class MLSTMCell : StateBlindCell, IChunkedCell
{
    private const int Hidden = 0;
    private const int Memory = 1;
    private const int Normalizer = 2;
    private const int Stabilizer = 3;

    /// <summary>Bound of m in eᵐ, which then divides by no less than 10⁻²⁶.</summary>
    private const int MostGrowth = 60;

    internal static readonly CellDefaults Defaults = new() { Activation = "linear", RecurrentActivation = "sigmoid" };

    private readonly Real keyScale;

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the output, the values of all heads. At least 1.</param>
    /// <param name="numHeads">Number of heads, each with a memory of its own; they must divide the units. Default 1.</param>
    /// <param name="keyDim">Length of a head's query and key; null (the default) takes that of its value, units/numHeads.</param>
    /// <param name="forgetGate">The forget gate: "sigmoid" (the default) or "exponential".</param>
    /// <param name="forgetBias">
    /// First values of the forget gates' biases, that of the first head and that of the last, evenly spaced between; null (the
    /// default) is 3 to 6 for the sigmoid, as in the authors' code, and 0 for the exponential.
    /// </param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public MLSTMCell(
        int units,
        int numHeads = 1,
        int? keyDim = null,
        string forgetGate = "sigmoid",
        (double First, double Last)? forgetBias = null,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, 1, options, name)
    {
        NumHeads = numHeads;
        KeyDim = keyDim ?? (numHeads >= 1 ? units / numHeads : units);
        ForgetGateActivation = forgetGate;
        ForgetBias = forgetBias ?? (forgetGate == "exponential" ? (0, 0) : (3, 6));
        Rows = new(units, numHeads, KeyDim);
        keyScale = (Real)(1 / Math.Sqrt(KeyDim));
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "MLSTMCell";

    /// <summary>Number of heads.</summary>
    public int NumHeads { get; }

    /// <summary>Length of a head's query and key.</summary>
    public int KeyDim { get; }

    /// <summary>The forget gate: "sigmoid" or "exponential".</summary>
    public string ForgetGateActivation { get; }

    /// <summary>First values of the forget gates' biases: that of the first head and that of the last.</summary>
    public (double First, double Last) ForgetBias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["input", "forget", "output"];

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units, Rows.MemoryRows, Rows.KeyRows, NumHeads];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["hidden", "memory", "normalizer", "stabilizer"];

    /// <summary>The sizes, and where the parts of Z begin.</summary>
    internal MLSTMSizes Rows { get; }

    private protected override int ZRows => Rows.All;

    private protected override Config OwnOptions => new()
    {
        { "num_heads", NumHeads },
        { "key_dim", KeyDim },
        { "forget_gate", ForgetGateActivation },
        { "forget_bias", new[] { ForgetBias.First, ForgetBias.Last } },
    };

    private bool SigmoidForgets => ForgetGateActivation == "sigmoid";

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new MLSTMPass(this, options);

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (MLSTMPass)pass;
        ColumnBlock gates = own.ZOf(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> z = gates.Column(b);
            Activate(own, t, b, z);
            Stabilize(own, t, b, z);
            for (int head = 0; head < NumHeads; head++)
            {
                Write(pass, t, b, head, z);
                Read(own, t, b, head, z);
            }

            VectorMath.Multiply(z.Slice(Rows.OutputGate, Units), own.ReadOf(t, b), pass.States[Hidden].After(t).Column(b));
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (MLSTMPass)pass;
        ColumnBlock gates = own.ZOf(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> z = gates.Column(b);
            Span<Real> output = z.Slice(Rows.OutputGate, Units);
            Span<Real> dHidden = GradientOf(pass, Hidden, b);
            Span<Real> dOutput = own.Scratch.Values;
            VectorMath.Multiply(dHidden, output, own.Scratch.Read);
            VectorMath.Multiply(dHidden, own.ReadOf(t, b), dOutput);
            RecurrentActivation.Backward(own.OutputBeforeOf(t, b), output, dOutput, dOutput, Units);
            dOutput.CopyTo(output);
            dHidden.Clear();
            for (int head = 0; head < NumHeads; head++)
            {
                ReadBack(own, t, b, head, z);
                WriteBack(own, t, b, head, z);
            }

            Span<Real> dValues = own.Scratch.Values;
            Span<Real> values = z.Slice(Rows.Values, Units);
            Activation.Backward(own.ValuesBeforeOf(t, b), values, dValues, dValues, Units);
            dValues.CopyTo(values);
        }
    }

    internal static MLSTMCell Read(ConfigReader config, bool ofLayer)
    {
        int? keyDim = config.OptionalInt("key_dim");
        IReadOnlyList<double>? bias = config.OptionalDoubles("forget_bias");
        return bias is { Count: not 2 }
            ? throw new ConfigException(
                $"{config.Owner}: forget_bias must be two numbers, for the first head and for the last.")
            {
                Option = "forget_bias",
            }
            : new(
                config.Size("units", each: Math.Max(keyDim ?? 1, 1)),
                config.Int("num_heads", 1),
                keyDim,
                config.OptionalString("forget_gate") ?? "sigmoid",
                bias is null ? null : (bias[0], bias[1]),
                CellOptions.Read(config, Defaults, ofLayer));
    }

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check)
        .Positive("numHeads", NumHeads)
        .Require(NumHeads < 1 || Units < 1 || Units % NumHeads == 0, Rows.Indivisible, "numHeads")
        .Require(
            KeyDim >= 1 || (Units > 0 && Units < NumHeads),
            FormattableString.Invariant($"keyDim must be at least 1, but is {KeyDim}"),
            "keyDim")
        .Require(
            NumHeads < 1 || KeyDim < 1 || Rows.Fit,
            FormattableString.Invariant($"a memory of {Units} units times a keyDim of {KeyDim} is larger than an array can be"))
        .OneOf("forgetGate", ForgetGateActivation, "sigmoid", "exponential")
        .Finite("forgetBias", ForgetBias.First)
        .Finite("forgetBias", ForgetBias.Last)
        .InRange("forgetBias", ForgetBias.First)
        .InRange("forgetBias", ForgetBias.Last);

    private protected override Initializer FirstBias() =>
        new SpacedBias(Options.BiasInitializer, Rows.ForgetGate, NumHeads, ForgetBias.First, ForgetBias.Last);

    /// <summary>Scaled keys, activated values and output gates; log f in place of f̃, with its slope.</summary>
    private void Activate(MLSTMPass pass, int t, int b, Span<Real> z)
    {
        pass.Keep(t, b, z);
        VectorMath.Scale(keyScale, z.Slice(Rows.Keys, Rows.KeyRows));
        Span<Real> values = z.Slice(Rows.Values, Units);
        Activation.Forward(values, values, Units);
        Span<Real> output = z.Slice(Rows.OutputGate, Units);
        RecurrentActivation.Forward(output, output, Units);
        Span<Real> slopes = pass.SlopesOf(t, b);
        slopes.Fill(1);
        if (SigmoidForgets)
        {
            Span<Real> f = z.Slice(Rows.ForgetGate, NumHeads);
            f.CopyTo(slopes);
            VectorMath.Scale(-1, slopes);
            VectorMath.Sigmoid(slopes, slopes);
            VectorMath.LogSigmoid(f, f);
        }
    }

    /// <summary>From ĩ and log f to i' and f', to m_t, and to the largest r that it allows.</summary>
    private void Stabilize(MLSTMPass pass, int t, int b, Span<Real> z)
    {
        Span<Real> i = z.Slice(Rows.InputGate, NumHeads);
        Span<Real> f = z.Slice(Rows.ForgetGate, NumHeads);
        ReadOnlySpan<Real> previous = pass.States[Stabilizer].Before(t).Column(b);
        Span<Real> stabilizer = pass.States[Stabilizer].After(t).Column(b);
        Span<Real> factors = pass.FactorsOf(t, b);
        for (int head = 0; head < i.Length; head++)
        {
            Real forget = f[head] + previous[head];
            Real m = RealMath.Max(forget, i[head]);
            stabilizer[head] = m;
            f[head] = forget - m;
            i[head] -= m;
            factors[head] = RealMath.Min(m, MostGrowth);
        }

        VectorMath.Exp(f, f);
        VectorMath.Exp(i, i);
        VectorMath.Exp(factors, factors);
    }

    /// <summary>C_t and n_t of one head.</summary>
    private void Write(CellPass pass, int t, int b, int head, Span<Real> z)
    {
        ReadOnlySpan<Real> k = Rows.KeyOf(z, head);
        ReadOnlySpan<Real> v = Rows.ValueOf(z, head);
        Real i = z[Rows.InputGate + head];
        Real f = z[Rows.ForgetGate + head];
        ReadOnlySpan<Real> before = Rows.MemoryOf(pass.States[Memory].Before(t).Column(b), head);
        Span<Real> after = Rows.MemoryOf(pass.States[Memory].After(t).Column(b), head);
        before.CopyTo(after);
        VectorMath.Scale(f, after);
        for (int row = 0; row < k.Length; row++)
        {
            VectorMath.AddScaled(i * k[row], v, after.Slice(row * v.Length, v.Length));
        }

        Span<Real> n = Rows.NormalizerOf(pass.States[Normalizer].After(t).Column(b), head);
        Rows.NormalizerOf(pass.States[Normalizer].Before(t).Column(b), head).CopyTo(n);
        VectorMath.Scale(f, n);
        VectorMath.AddScaled(i, k, n);
    }

    /// <summary>h̃ = r·C_t·q of one head.</summary>
    private void Read(MLSTMPass pass, int t, int b, int head, Span<Real> z)
    {
        ReadOnlySpan<Real> q = Rows.QueryOf(z, head);
        ReadOnlySpan<Real> memory = Rows.MemoryOf(pass.States[Memory].After(t).Column(b), head);
        Span<Real> read = Rows.ValuesOf(pass.ReadOf(t, b), head);
        read.Clear();
        for (int row = 0; row < q.Length; row++)
        {
            VectorMath.AddScaled(q[row], memory.Slice(row * read.Length, read.Length), read);
        }

        Real s = (Real)Sums.OfProducts<Real>(Rows.NormalizerOf(pass.States[Normalizer].After(t).Column(b), head), q);
        ref Real factor = ref pass.FactorsOf(t, b)[head];
        factor = RealMath.Min(factor, 1 / RealMath.Abs(s));
        pass.ProductsOf(t, b)[head] = s;
        VectorMath.Scale(factor, read);
    }

    /// <summary>dq, and what reading adds to dC, dn and dm.</summary>
    private void ReadBack(MLSTMPass pass, int t, int b, int head, Span<Real> z)
    {
        Span<Real> dRead = Rows.ValuesOf(pass.Scratch.Read, head);
        ReadOnlySpan<Real> q = Rows.QueryOf(z, head);
        Span<Real> dq = pass.Scratch.Query;
        Span<Real> dMemory = Rows.MemoryOf(GradientOf(pass, Memory, b), head);
        Span<Real> dn = Rows.NormalizerOf(GradientOf(pass, Normalizer, b), head);
        ReadOnlySpan<Real> memory = Rows.MemoryOf(pass.States[Memory].After(t).Column(b), head);
        Real s = pass.ProductsOf(t, b)[head];
        Real factor = pass.FactorsOf(t, b)[head];
        Real g = (Real)Sums.OfProducts<Real>(dRead, Rows.ValuesOf(pass.ReadOf(t, b), head));
        Real ds = 0;
        if (factor == 1 / RealMath.Abs(s))
        {
            ds = -g / s;
        }
        else if (pass.States[Stabilizer].After(t).Column(b)[head] < MostGrowth)
        {
            GradientOf(pass, Stabilizer, b)[head] += g;
        }

        VectorMath.Scale(factor, dRead);
        for (int row = 0; row < q.Length; row++)
        {
            dq[row] = (Real)Sums.OfProducts<Real>(memory.Slice(row * dRead.Length, dRead.Length), dRead);
            VectorMath.AddScaled(q[row], dRead, dMemory.Slice(row * dRead.Length, dRead.Length));
        }

        VectorMath.AddScaled(ds, Rows.NormalizerOf(pass.States[Normalizer].After(t).Column(b), head), dq);
        VectorMath.AddScaled(ds, q, dn);
        dq.CopyTo(Rows.QueryOf(z, head));
    }

    /// <summary>Gradients of key, value and gates, and of the states before the step; dv is left in the scratch.</summary>
    private void WriteBack(MLSTMPass pass, int t, int b, int head, Span<Real> z)
    {
        Span<Real> k = Rows.KeyOf(z, head);
        ReadOnlySpan<Real> v = Rows.ValueOf(z, head);
        ref Real i = ref z[Rows.InputGate + head];
        ref Real f = ref z[Rows.ForgetGate + head];
        Span<Real> dk = pass.Scratch.Key;
        Span<Real> dv = Rows.ValuesOf(pass.Scratch.Values, head);
        Span<Real> dMemory = Rows.MemoryOf(GradientOf(pass, Memory, b), head);
        Span<Real> dn = Rows.NormalizerOf(GradientOf(pass, Normalizer, b), head);
        dv.Clear();
        for (int row = 0; row < k.Length; row++)
        {
            ReadOnlySpan<Real> column = dMemory.Slice(row * v.Length, v.Length);
            VectorMath.AddScaled(i * k[row], column, dv);
            dk[row] = i * ((Real)Sums.OfProducts(column, v) + dn[row]);
        }

        Real dInput = (Real)Sums.OfProducts<Real>(k, dk);
        double kept = Sums.OfProducts<Real>(dMemory, Rows.MemoryOf(pass.States[Memory].Before(t).Column(b), head))
            + Sums.OfProducts<Real>(dn, Rows.NormalizerOf(pass.States[Normalizer].Before(t).Column(b), head));
        Real dForget = f * (Real)kept;
        VectorMath.Scale(f, dMemory);
        VectorMath.Scale(f, dn);

        ref Real dm = ref GradientOf(pass, Stabilizer, b)[head];
        Real throughMaximum = dm - (dInput + dForget);
        if (f >= i)
        {
            dForget += throughMaximum;
        }
        else
        {
            dInput += throughMaximum;
        }

        dm = dForget;
        i = dInput;
        f = dForget * pass.SlopesOf(t, b)[head];
        VectorMath.Scale(keyScale, dk);
        dk.CopyTo(k);
    }

    private static Span<Real> GradientOf(CellPass pass, int state, int b) =>
        new ColumnBlock(pass.StateGradients[state], b, 1).Values;
}
