using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>
/// The long short-term memory cell (Hochreiter and Schmidhuber 1997) with a forget gate (Gers, Schmidhuber and Cummins 2000) and
/// without peepholes, as Keras has it.
/// </summary>
/// <remarks>
/// <code>
/// forward    [zi zf zg zo] = W·x_t + U·h_{t−1} + b
///            i = σ(zi)   f = σ(zf)   g = act(zg)   o = σ(zo)        input, forget, candidate, output
///            c_t = f∘c_{t−1} + i∘g
///            h_t = o∘act(c_t)
/// backward   do = dh∘act(c_t)             dc ← dc + act′(c_t)∘(dh∘o)
///            di = dc∘g    df = dc∘c_{t−1}   dg = dc∘i
///            dz = [σ′·di  σ′·df  act′·dg  σ′·do]
///            dh_{t−1} = Uᵀ·dz             dc_{t−1} = dc∘f
/// </code>
/// </remarks>
public sealed class LSTMCell : GatedCell
{
    private const int Hidden = 0;
    private const int Cell = 1;

    private readonly LSTMGating gating;

    internal static readonly CellDefaults Defaults = new() { RecurrentActivation = "sigmoid", ForgetGate = LSTMGating.ForgetGate };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="activation">act, the activation of the candidate and of the cell state on its way out. Default tanh.</param>
    /// <param name="recurrentActivation">σ, the activation of the gates. Default sigmoid.</param>
    /// <param name="useBias">Whether there is a bias. Default true.</param>
    /// <param name="kernelInitializer">First values of W. Default Glorot uniform.</param>
    /// <param name="recurrentInitializer">First values of U. Default orthogonal.</param>
    /// <param name="biasInitializer">First values of the bias. Default zeros.</param>
    /// <param name="unitForgetBias">Whether the bias of the forget gate starts at 1 (Jozefowicz et al. 2015). Default true.</param>
    /// <param name="kernelRegularizer">Penalty on W, or null.</param>
    /// <param name="recurrentRegularizer">Penalty on U, or null.</param>
    /// <param name="biasRegularizer">Penalty on the bias, or null.</param>
    /// <param name="kernelConstraint">What W is projected onto after each update, or null.</param>
    /// <param name="recurrentConstraint">What U is projected onto after each update, or null.</param>
    /// <param name="biasConstraint">What the bias is projected onto after each update, or null.</param>
    /// <param name="dropout">Share of the inputs set to zero in training (<see cref="CellOptions.Dropout"/>). Default 0.</param>
    /// <param name="recurrentDropout">Share of the hidden state set to zero in training (<see cref="CellOptions.RecurrentDropout"/>). Default 0.</param>
    /// <param name="seed">Seed of the dropout masks and first values; null takes it from the layer.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public LSTMCell(
        int units,
        ActivationFunction? activation = null,
        ActivationFunction? recurrentActivation = null,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? recurrentInitializer = null,
        Initializer? biasInitializer = null,
        bool unitForgetBias = true,
        Regularizer? kernelRegularizer = null,
        Regularizer? recurrentRegularizer = null,
        Regularizer? biasRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? recurrentConstraint = null,
        Constraint? biasConstraint = null,
        double dropout = 0,
        double recurrentDropout = 0,
        int? seed = null,
        string? name = null)
        : this(
            units,
            new CellOptions
            {
                Activation = activation,
                RecurrentActivation = recurrentActivation,
                UseBias = useBias,
                KernelInitializer = kernelInitializer ?? "glorot_uniform",
                RecurrentInitializer = recurrentInitializer,
                BiasInitializer = biasInitializer ?? "zeros",
                UnitForgetBias = unitForgetBias,
                KernelRegularizer = kernelRegularizer,
                RecurrentRegularizer = recurrentRegularizer,
                BiasRegularizer = biasRegularizer,
                KernelConstraint = kernelConstraint,
                RecurrentConstraint = recurrentConstraint,
                BiasConstraint = biasConstraint,
                Dropout = dropout,
                RecurrentDropout = recurrentDropout,
                Seed = seed,
            },
            name)
    {
    }

    internal LSTMCell(int units, CellOptions options, string? name = null)
        : base(Defaults, units, LSTMGating.GateCount, options, name)
    {
        gating = new LSTMGating(Activation, RecurrentActivation, units);
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "LSTMCell";

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units, Units];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["hidden", "cell"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["input", "forget", "candidate", "output"];

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new LSTMPass(this, options);

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.GatesOf(t);
        RecurrentKernel.Add(own.RecurrentInput(t), z, pass.Threads);
        gating.Forward(own.Memory, t, z, pass.States[Cell].Before(t), pass.States[Cell].After(t), pass.States[Hidden].After(t));
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.GatesOf(t);
        DenseMatrix dh = pass.StateGradients[Hidden];
        gating.Backward(own.Memory, t, z, pass.States[Cell].Before(t), pass.States[Cell].After(t), dh, pass.StateGradients[Cell]);
        RecurrentKernel.SetBack(z, dh);
        own.BackThroughDropout(dh.Values);
    }

    internal static LSTMCell Read(ConfigReader config, bool ofLayer) =>
        new(config.Int("units"), CellOptions.Read(config, Defaults, ofLayer));

    private sealed class LSTMPass : GatedCellPass
    {
        public LSTMPass(LSTMCell cell, CellPassOptions options)
            : base(cell, options) => Memory = cell.gating.NewMemory(this);

        public LSTMMemory Memory { get; }
    }
}
