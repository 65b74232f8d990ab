using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The linear recurrent unit, LRU (Orvieto, Smith, Gu, Fernando, Gulcehre, Pascanu and De, "Resurrecting recurrent neural
/// networks for long sequences", ICML 2023): a linear recurrence of complex numbers, each with a factor λ of its own inside the
/// unit circle.
/// </summary>
/// <remarks>
/// <code>
/// λ = exp(−exp ν + i·exp θ)            s_t = λ∘s_{t−1} + exp(γ)∘(B·x_t)            y_t = Re(C·s_t) + D·x_t
/// </code>
/// <para>Input (batch, timesteps, features); output (batch, outputSize), or (batch, timesteps, outputSize) with
/// <c>returnSequences</c>. States: the output, which no step reads, and s, real parts above imaginary ones (2·units).</para>
/// <para>It is linear: put an activation, a gated linear unit (<c>new Dense(2·n)</c>, <c>new Activation("glu")</c>) or a
/// <see cref="Residual"/> block with them behind it, as the paper does.</para>
/// <para>Parameters: kernel (features, 2·units), Re B before Im B; output_kernel (2·units, outputSize), Re C above −Im C; nu_log,
/// theta_log, gamma_log (units each); feedthrough (features, outputSize), or (outputSize) where it is diagonal.</para>
/// </remarks>
public sealed class LRU : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of complex units of the state. At least 1.</param>
    /// <param name="outputSize">Length of the output; null (the default) is the number of units.</param>
    /// <param name="rMin">Least |λ| at first, from 0. Default 0.</param>
    /// <param name="rMax">Largest |λ| at first, up to 1. Default 1.</param>
    /// <param name="maxPhase">Largest phase of λ at first, above 0 and up to 2π, which is the default.</param>
    /// <param name="normalize">Whether there is γ. Default true.</param>
    /// <param name="feedthrough">D: "full" (the default), "diagonal" (as in the authors' code) or "none".</param>
    /// <param name="kernel">
    /// First values (default: normal, of variance 1/(2·features)), penalty and constraint of B.
    /// </param>
    /// <param name="outputKernel">First values (default: normal, of variance 1/units), penalty and constraint of C.</param>
    /// <param name="dropout">Share of the inputs set to zero in training, the same at every step; in [0, 1). Default 0.</param>
    /// <param name="seed">Seed of dropout and first values; null (the default) takes it from the model.</param>
    /// <param name="returnSequences">
    /// Whether the output has a value for every step, and not for the last alone. Default false.
    /// </param>
    /// <param name="returnState">
    /// Whether <see cref="RecurrentLayer.Call"/> gives the final state too; in a Sequential it must be false. Default false.
    /// </param>
    /// <param name="goBackwards">
    /// Whether the sequence is read from its end; the output then is in the order of reading. Default false.
    /// </param>
    /// <param name="stateful">
    /// Whether sample b of a batch goes on from the state in which sample b of the last batch ended. Default false.
    /// </param>
    /// <param name="zeroOutputForMask">
    /// Whether the output at a masked step is zero, and not the previous output. Default false.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model.</param>
    /// <param name="trainable">Whether training changes the layer. Default true.</param>
    /// <param name="inputShape">
    /// Shape of a sample (timesteps, features), for the first layer of a model; time steps may be null.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public LRU(
        int units,
        int? outputSize = null,
        double rMin = 0,
        double rMax = 1,
        double maxPhase = 2 * Math.PI,
        bool normalize = true,
        string feedthrough = "full",
        WeightOptions? kernel = null,
        WeightOptions? outputKernel = null,
        double dropout = 0,
        int? seed = null,
        bool returnSequences = false,
        bool returnState = false,
        bool goBackwards = false,
        bool stateful = false,
        bool zeroOutputForMask = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            new LRUCell(
                units,
                outputSize,
                new LRUOptions(rMin, rMax, maxPhase, normalize, feedthrough),
                outputKernel,
                CellOptions.OfLayer(LRUOptions.OfKernel(kernel, dropout, seed))),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private LRU(LRUCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "LRU";

    /// <summary>Least |λ| at first.</summary>
    public double RMin => Own.RMin;

    /// <summary>Largest |λ| at first.</summary>
    public double RMax => Own.RMax;

    /// <summary>Largest phase of λ at first.</summary>
    public double MaxPhase => Own.MaxPhase;

    /// <summary>Whether there is γ.</summary>
    public bool Normalize => Own.Normalize;

    /// <summary>D: "full", "diagonal" or "none".</summary>
    public string Feedthrough => Own.Feedthrough;

    internal static LRU Read(ConfigReader config) => new(LRUCell.Read(config, ofLayer: true), SequenceOptions.Read(config));

    private LRUCell Own => (LRUCell)Cell;
}
