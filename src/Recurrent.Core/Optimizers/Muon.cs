using System.Numerics.Tensors;
using System.Text.RegularExpressions;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Steps along a momentum that has been made orthogonal, for the matrices inside a network; Adam with weight decay
/// for all other parameters.</summary>
/// <remarks>
/// Of a matrix: <c>m ← μ m + g</c>, <c>d = g + μ m</c> (or m without Nesterov's look ahead), <c>X = d / (|d| + 1e-7)</c>, then
/// <c>steps</c> times <c>A = X Xᵀ</c>, <c>X ← a X + (b A + c A²) X</c>, which brings all singular values near 1, and
/// <c>w ← w − η s √max(rows, columns) X</c> with the rate of mean squares s. All parameters that are no matrix, embeddings, and
/// those that are excluded take steps of <see cref="AdamW"/> at the rate <c>η · ratio</c>. Keras advises to exclude the last
/// layer. Slots: <c>momentum</c> and, for Adam, <c>velocity</c>. Gradients beyond 1.8e19, whose square is no number in single
/// precision, count as 1.8e19. Jordan et al., 2024: Muon; Liu et al., 2025: Muon is Scalable for LLM Training.
/// </remarks>
public sealed class Muon : Optimizer
{
    // As in Keras.
    private const double NormEpsilon = 1e-7;

    private DenseMatrix[] momenta = [];
    private DenseMatrix?[] velocities = [];
    private Orthogonalizer?[] orthogonalizers = [];
    private readonly Regex[] excluded;
    private Real correction;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="adamBeta1">How slowly Adam's mean forgets, in [0, 1); default 0.9.</param>
    /// <param name="adamBeta2">How slowly Adam's mean square forgets, in [0, 1); default 0.999.</param>
    /// <param name="adamWeightDecay">Weight decay of the parameters that Adam trains, null for none; default 0.004.</param>
    /// <param name="epsilon">The small ε that keeps Adam's divisor above 0; default 1e-7.</param>
    /// <param name="weightDecay">Weight decay of the matrices, null for none; default 0.004.</param>
    /// <param name="clipNorm">Greatest length of the gradient of one parameter; default none.</param>
    /// <param name="clipValue">Greatest size of an entry of a gradient; default none.</param>
    /// <param name="globalClipNorm">Greatest length of all gradients together; default none. Only one of the three can be
    /// set.</param>
    /// <param name="useEma">Whether a running mean of the weights is kept, which they are set to when training ends; default
    /// false.</param>
    /// <param name="emaMomentum">How slowly that mean forgets, in [0, 1]; default 0.99.</param>
    /// <param name="emaOverwriteFrequency">After how many updates the weights are set to that mean; default never before the
    /// end.</param>
    /// <param name="gradientAccumulationSteps">How many batches share one update, with the mean of their gradients; default
    /// one.</param>
    /// <param name="name">Name of the optimizer; default <c>muon</c>.</param>
    /// <param name="excludeLayers">Regular expressions: where one is found in the path of a parameter, such as
    /// <c>dense/kernel</c>, Adam trains it; default none.</param>
    /// <param name="excludeEmbeddings">Whether Adam trains what has "embedding" in its path; default true.</param>
    /// <param name="muonA">The a of the iteration; default 3.4445.</param>
    /// <param name="muonB">The b of the iteration; default −4.775.</param>
    /// <param name="muonC">The c of the iteration; default 2.0315.</param>
    /// <param name="adamLrRatio">Adam's learning rate as a share of η, at least 0; default 1.</param>
    /// <param name="momentum">The momentum μ, in [0, 1); default 0.95.</param>
    /// <param name="nsSteps">Number of iterations, at least 1; default 5.</param>
    /// <param name="nesterov">Whether the step looks ahead along the momentum; default true.</param>
    /// <param name="rmsRate">The root mean square of a step at a rate of 1, s above 0, or null for 1/√max(rows, columns); default
    /// 0.2, that of Adam's steps.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Muon(
        LearningRateSchedule? learningRate = null,
        double adamBeta1 = 0.9,
        double adamBeta2 = 0.999,
        double? adamWeightDecay = 0.004,
        double epsilon = 1e-7,
        double? weightDecay = 0.004,
        double? clipNorm = null,
        double? clipValue = null,
        double? globalClipNorm = null,
        bool useEma = false,
        double emaMomentum = OptimizerOptions.DefaultEmaMomentum,
        int? emaOverwriteFrequency = null,
        int? gradientAccumulationSteps = null,
        string? name = null,
        IEnumerable<string>? excludeLayers = null,
        bool excludeEmbeddings = true,
        double muonA = 3.4445,
        double muonB = -4.775,
        double muonC = 2.0315,
        double adamLrRatio = 1,
        double momentum = 0.95,
        int nsSteps = 5,
        bool nesterov = true,
        double? rmsRate = 0.2,
        double? lossScaleFactor = null)
        : this(learningRate, new(adamBeta1, adamBeta2, adamWeightDecay, epsilon, excludeLayers is null ? [] : [.. excludeLayers],
            excludeEmbeddings, muonA, muonB, muonC, adamLrRatio, momentum, nsSteps, nesterov, rmsRate),
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal Muon(LearningRateSchedule? learningRate, MuonOptions own, OptimizerOptions options)
        : base(learningRate ?? 0.001, options, "muon")
    {
        OptionCheck check = Check()
            .Rate("adamBeta1", own.AdamBeta1)
            .Rate("adamBeta2", own.AdamBeta2)
            .AtLeast("adamWeightDecay", own.AdamWeightDecay ?? 0, 0)
            .AtLeast("epsilon", own.Epsilon, 0)
            .Finite("muonA", own.MuonA)
            .Finite("muonB", own.MuonB)
            .Finite("muonC", own.MuonC)
            .AtLeast("adamLrRatio", own.AdamLrRatio, 0)
            .Rate("momentum", own.Momentum)
            .Positive("nsSteps", own.NsSteps)
            .Above("rmsRate", own.RmsRate ?? 1, 0);
        foreach (string pattern in own.ExcludeLayers)
        {
            check.Require(ParameterPatterns.Problem(pattern) is null, ParameterPatterns.Problem(pattern)!, "excludeLayers");
        }

        check.ThrowIfAny();
        Own = own;
        excluded = [.. own.ExcludeLayers.Select(ParameterPatterns.Anywhere)];
    }

    /// <inheritdoc/>
    public override string ClassName => "Muon";

    /// <summary>How slowly Adam's mean forgets.</summary>
    public double AdamBeta1 => Own.AdamBeta1;

    /// <summary>How slowly Adam's mean square forgets.</summary>
    public double AdamBeta2 => Own.AdamBeta2;

    /// <summary>Weight decay of the parameters that Adam trains.</summary>
    public double? AdamWeightDecay => Own.AdamWeightDecay;

    /// <summary>What keeps Adam's divisor above 0.</summary>
    public double Epsilon => Own.Epsilon;

    /// <summary>Regular expressions for the paths of parameters that Adam trains.</summary>
    public IReadOnlyList<string> ExcludeLayers => Own.ExcludeLayers;

    /// <summary>Whether Adam trains embeddings.</summary>
    public bool ExcludeEmbeddings => Own.ExcludeEmbeddings;

    /// <summary>The a of the iteration.</summary>
    public double MuonA => Own.MuonA;

    /// <summary>The b of the iteration.</summary>
    public double MuonB => Own.MuonB;

    /// <summary>The c of the iteration.</summary>
    public double MuonC => Own.MuonC;

    /// <summary>Adam's learning rate as a share of the learning rate.</summary>
    public double AdamLrRatio => Own.AdamLrRatio;

    /// <summary>The momentum.</summary>
    public double Momentum => Own.Momentum;

    /// <summary>Number of iterations.</summary>
    public int NsSteps => Own.NsSteps;

    /// <summary>Whether the step looks ahead along the momentum.</summary>
    public bool Nesterov => Own.Nesterov;

    /// <summary>The root mean square of a step at a rate of 1, or null.</summary>
    public double? RmsRate => Own.RmsRate;

    private MuonOptions Own { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Muon(Schedule, Own, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("adam_beta_1", AdamBeta1);
        config.Add("adam_beta_2", AdamBeta2);
        config.Add("epsilon", Epsilon);
        config.Add("exclude_layers", ExcludeLayers);
        config.Add("muon_a", MuonA);
        config.Add("muon_b", MuonB);
        config.Add("muon_c", MuonC);
        config.Add("adam_lr_ratio", AdamLrRatio);
        config.Add("momentum", Momentum);
        config.Add("ns_steps", NsSteps);
        config.Add("nesterov", Nesterov);
        config.Add("exclude_embeddings", ExcludeEmbeddings);
        config.Add("adam_weight_decay", AdamWeightDecay);
        config.Add("rms_rate", RmsRate);
        return config;
    }

    /// <summary>Whether Adam trains a parameter.</summary>
    internal bool UsesAdam(int index) => ParameterAt(index).Shape.Count != 2
        || (ExcludeEmbeddings && PathOf(index).Contains("embedding", StringComparison.OrdinalIgnoreCase))
        || Array.Exists(excluded, pattern => pattern.IsMatch(PathOf(index)));

    private protected override double? DecayOf(int index) => UsesAdam(index) ? AdamWeightDecay : WeightDecay;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "velocity";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        int count = ParameterCount;
        momenta = new DenseMatrix[count];
        velocities = new DenseMatrix[count];
        orthogonalizers = new Orthogonalizer[count];
        for (int i = 0; i < count; i++)
        {
            momenta[i] = Add("momentum", i);
            if (UsesAdam(i))
            {
                velocities[i] = Add("velocity", i);
            }
            else if (ParameterAt(i).Size > 0)
            {
                orthogonalizers[i] = new(ParameterAt(i).Value.RowCount, ParameterAt(i).Value.ColumnCount);
            }
        }
    }

    private DenseMatrix Add(string name, int index)
    {
        DenseMatrix value = ParameterAt(index).Value;
        var slot = new DenseMatrix(value.RowCount, value.ColumnCount);
        AddSlot(name, index, ParameterAt(index).Shape, slot);
        return slot;
    }

    /// <inheritdoc/>
    protected override void BeginStep(Real rate)
    {
        double step = Updates + 1;
        correction = (Real)(AdamLrRatio * Math.Sqrt(-StableMath.ExpM1(step * Math.Log(AdamBeta2)))
            / -StableMath.ExpM1(step * Math.Log(AdamBeta1)));
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update)
    {
        if (velocities[index] is { } velocity)
        {
            update.Sweep(
                new AdamRule(update.Rate * correction, (Real)(1 - AdamBeta1), (Real)(1 - AdamBeta2), (Real)Epsilon),
                momenta[index], velocity);
        }
        else if (orthogonalizers[index] is { } orthogonalizer)
        {
            update.Decay();
            Push(index, update, orthogonalizer.Start);
            (int rows, int columns) = (momenta[index].RowCount, momenta[index].ColumnCount);
            ReadOnlySpan<Real> step = orthogonalizer.Run(
                Sums.Norm<Real>(orthogonalizer.Start) + NormEpsilon, (MuonA, MuonB, MuonC), NsSteps);
            double scale = RmsRate is double rms ? Math.Sqrt(Math.Max(rows, columns)) * rms : 1;
            TensorPrimitives.MultiplyAdd(step, (Real)(-update.Rate * scale), update.Weights, update.Weights);
        }
    }

    /// <summary>Follows the momentum, and says what is to be made orthogonal.</summary>
    private void Push(int index, Update update, Span<Real> direction)
    {
        Span<Real> momentum = momenta[index].Values;
        var keep = (Real)Momentum;
        for (int i = 0; i < momentum.Length; i++)
        {
            var gradient = (Real)Adaptive.Squarable(update.Gradient[i]);
            momentum[i] = gradient + (momentum[i] * keep);
            direction[i] = Nesterov ? gradient + (keep * momentum[i]) : momentum[i];
        }
    }
}

/// <summary>What <see cref="Muon"/> has beside the options of every optimizer.</summary>
internal sealed record MuonOptions(
    double AdamBeta1,
    double AdamBeta2,
    double? AdamWeightDecay,
    double Epsilon,
    IReadOnlyList<string> ExcludeLayers,
    bool ExcludeEmbeddings,
    double MuonA,
    double MuonB,
    double MuonC,
    double AdamLrRatio,
    double Momentum,
    int NsSteps,
    bool Nesterov,
    double? RmsRate);
