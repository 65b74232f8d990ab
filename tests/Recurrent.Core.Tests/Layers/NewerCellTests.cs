using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Registration;
using static Recurrent.Tests.Layers.Recurrences;

namespace Recurrent.Tests.Layers;

/// <summary>IndRNN, MinimalGRU, MinGRU, MinLSTM: numbers worked out by hand, and the wiring with linear activations.</summary>
[TestFixture]
public sealed class NewerCellTests
{
    private const double Tolerance = 1e-6;

    [Test]
    public void IndRNN_by_hand()
    {
        // Two units, W = (1, −1), u = (0.5, 2), b = (0, 1), relu; x = 1, then −2.
        // h_1 = relu(1·1 + 0.5·0 + 0) = 1        relu(−1·1 + 2·0 + 1) = 0
        // h_2 = relu(1·(−2) + 0.5·1 + 0) = 0     relu(−1·(−2) + 2·0 + 1) = 3
        NDArray y = Run(new IndRNN(2, returnSequences: true), Series(1, -2), [1, -1], [(Real)0.5, 2], [0, 1]);
        Assert.That(y.Values, Is.EqualTo((Real[])[1, 0, 0, 3]).Within(Tolerance));
    }

    [Test]
    public void IndRNN_with_linear_activation_is_a_sum_of_powers()
    {
        // h_3 = x_3 + u·x_2 + u²·x_1, unit by unit: 3 + 2u + u².
        NDArray y = Run(new IndRNN(2, options: new() { Activation = "linear" }), Series(1, 2, 3), [1, 1],
            [(Real)0.5, -2], [0, 0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)4.25, 3]).Within(Tolerance));
    }

    [Test]
    public void The_bound_of_IndRNN_limits_growth_over_the_steps()
    {
        double bound = IndRNN.RecurrentBound(100);
        Assert.That(Math.Pow(bound, 100), Is.EqualTo(2).Within(1e-9));
        Assert.That(IndRNN.RecurrentBound(1, 5), Is.EqualTo(5));
        var layer = new IndRNN(40,
            options: new() { RecurrentInitializer = new RandomUniform(-3, 3), RecurrentConstraint = new MaxAbs(bound) });
        layer.Build((100, 2), seed: 1);
        layer.Parameters[1].FinishUpdate();
        Assert.That(layer.Parameters[1].Values.ToArray(), Has.All.InRange((Real)(-bound), (Real)bound));
        Assert.That(layer.Parameters[1].Values.ToArray(), Has.Some.EqualTo((Real)bound));
        Assert.That(layer.Parameters[1].Values.ToArray(), Has.Some.EqualTo((Real)(-bound)));
    }

    [Test]
    public void MinimalGRU_by_hand()
    {
        // One unit; candidate first: W = (W_h, W_f) = (1, 2), U = (0.5, −1), b = (0.1, 0); x = 1, then 0.5.
        // f_1 = σ(2·1) = 0.880797     ĥ_1 = tanh(1·1 + 0.1) = 0.800499          h_1 = f_1·ĥ_1 = 0.705077
        // f_2 = σ(2·0.5 − 0.705077) = σ(0.294923) = 0.573201
        // ĥ_2 = tanh(0.5 + 0.5·0.573201·0.705077 + 0.1) = tanh(0.802075) = 0.665195
        // h_2 = (1 − 0.573201)·0.705077 + 0.573201·0.665195 = 0.300926 + 0.381291 = 0.682217
        NDArray y = Run(new MinimalGRU(1, returnSequences: true), Series(1, (Real)0.5), [1, 2], [(Real)0.5, -1], [(Real)0.1, 0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)0.705077, (Real)0.682217]).Within(2e-6));
    }

    // One unit, everything linear: W_h = 2, U_h = 0.5, b_h = 1; W_f = 3, U_f = −1, b_f = 0.25; x = 1, then 2; h_0 = 0.
    // mgu:   f_1 = 3 + 0.25 = 3.25, ĥ_1 = 2 + 1 = 3, h_1 = 9.75;  f_2 = 6 − 9.75 + 0.25 = −3.5,
    //        ĥ_2 = 4 + 0.5·(−3.5·9.75) + 1 = −12.0625, h_2 = 4.5·9.75 + (−3.5)(−12.0625) = 43.875 + 42.21875 = 86.09375
    // mgu1:  f_1 = 0.25, h_1 = 0.75;  f_2 = −0.75 + 0.25 = −0.5, ĥ_2 = 5 + 0.5·(−0.375) = 4.8125,
    //        h_2 = 1.5·0.75 − 0.5·4.8125 = 1.125 − 2.40625 = −1.28125
    // mgu2:  f_1 = 0, h_1 = 0;  f_2 = 0, h_2 = 0
    // mgu3:  f = 0.25, h_1 = 0.75;  ĥ_2 = 5 + 0.5·0.25·0.75 = 5.09375, h_2 = 0.75·0.75 + 0.25·5.09375 = 1.8359375
    [TestCase("mgu", 9.75, 86.09375)]
    [TestCase("mgu1", 0.75, -1.28125)]
    [TestCase("mgu2", 0, 0)]
    [TestCase("mgu3", 0.75, 1.8359375)]
    public void MinimalGRU_with_linear_activations(string variant, double first, double second)
    {
        Real[] kernel = variant == "mgu" ? [2, 3] : [2];
        Real[] recurrent = variant == "mgu3" ? [(Real)0.5] : [(Real)0.5, -1];
        Real[] bias = variant == "mgu2" ? [1] : [1, (Real)0.25];
        NDArray y = Run(new MinimalGRU(1, variant, options: new() { Activation = "linear", RecurrentActivation = "linear" },
            returnSequences: true), Series(1, 2), kernel, recurrent, bias);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)first, (Real)second]).Within(1e-5));
    }

    [Test]
    public void MinimalGRU_is_a_GRU_with_opposite_gates()
    {
        // f resets, and 1 − f = σ(−a) keeps: GRU's gates z, r, h have the weights −f, f, h.
        const int Units = 3;
        NDArray x = Numbers(2, 5, 2);
        Real[] kernel = Numbers(2, 2 * Units).Values;
        Real[] recurrent = [.. Numbers(Units, 2 * Units).Values.Reverse()];
        Real[] bias = Numbers(2 * Units).Values;
        NDArray y = Run(new MinimalGRU(Units, returnSequences: true), x, kernel, recurrent, bias);
        NDArray expected = Run(
            new GRU(Units, resetAfter: false, returnSequences: true), x, OfGru(kernel), OfGru(recurrent), OfGru(bias));
        Assert.That(y.Values, Is.EqualTo(expected.Values).Within(1e-6));

        // Rows of (h, f) to rows of (−f, f, h).
        static Real[] OfGru(Real[] weights) => [.. weights.Chunk(2 * Units).SelectMany(row =>
            row.Skip(Units).Select(w => -w).Concat(row.Skip(Units)).Concat(row.Take(Units)))];
    }

    [Test]
    public void IndRNN_is_a_SimpleRNN_with_a_diagonal_matrix()
    {
        NDArray x = Numbers(2, 5, 2);
        Real[] kernel = Numbers(2, 3).Values;
        Real[] bias = [(Real)0.1, (Real)0.2, (Real)0.3];
        NDArray y = Run(new IndRNN(3, options: new() { Activation = "tanh" }, returnSequences: true), x, kernel,
            [(Real)0.5, -1, 2], bias);
        NDArray expected = Run(new SimpleRNN(3, returnSequences: true), x, kernel, [(Real)0.5, 0, 0, 0, -1, 0, 0, 0, 2], bias);
        Assert.That(y.Values, Is.EqualTo(expected.Values).Within(1e-6));
    }

    [Test]
    public void MinGRU_by_hand()
    {
        // One unit: W = (W_z, W_h) = (1, 2), b = (0, −1); x = 0, then 2.
        // z_1 = σ(0) = 0.5           ĥ_1 = −1     h_1 = 0.5·(−1) = −0.5
        // z_2 = σ(2) = 0.880797      ĥ_2 = 3      h_2 = 0.119203·(−0.5) + 0.880797·3 = −0.059601 + 2.642391 = 2.582790
        NDArray y = Run(new MinGRU(1, returnSequences: true), Series(0, 2), [1, 2], [0, -1]);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)(-0.5), (Real)2.58279]).Within(2e-6));
    }

    [Test]
    public void MinGRU_with_linear_gate()
    {
        // z = x, ĥ = x: h_1 = 0.5·0.5 = 0.25, h_2 = (1 − 2)·0.25 + 2·2 = 3.75, h_3 = 0·3.75 + 1·1 = 1.
        NDArray y = Run(new MinGRU(1, options: new() { Activation = "linear", RecurrentActivation = "linear", UseBias = false },
            returnSequences: true), Series((Real)0.5, 2, 1), [1, 1]);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)0.25, (Real)3.75, 1]).Within(Tolerance));
    }

    [Test]
    public void The_candidate_of_the_log_space_form_is_positive()
    {
        // g(−1) = σ(−1) = 0.268941, g(1) = 1.5; the gate is one half: h_1 = 0.134471, h_2 = 0.067235 + 0.75 = 0.817235.
        NDArray y = Run(new MinGRU(1, options: new() { Activation = "soft_positive" }, returnSequences: true),
            Series(-1, 1), [0, 1], [0, 0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)0.134471, (Real)0.817235]).Within(2e-6));
    }

    [Test]
    public void MinLSTM_by_hand()
    {
        // One unit: W = (W_i, W_f, W_h) = (1, −1, 2), b = 0; x = 0, then 1.
        // i_1 = f_1 = 0.5: both scaled to 0.5      ĥ_1 = 0      h_1 = 0, with b_h = 3: ĥ_1 = 3, h_1 = 1.5
        // i_2 = σ(1) = 0.731059, f_2 = σ(−1) = 0.268941, sum 1      ĥ_2 = 2 + 3 = 5
        // h_2 = 0.268941·1.5 + 0.731059·5 = 0.403412 + 3.655293 = 4.058705
        NDArray y = Run(new MinLSTM(1, returnSequences: true), Series(0, 1), [1, -1, 2], [0, 0, 3]);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)1.5, (Real)4.058705]).Within(2e-6));
    }

    [Test]
    public void MinLSTM_scales_its_gates()
    {
        // i = σ(ln 3) = 0.75 and f = σ(−ln 4) = 0.2: f/(f + i) = 4/19, i/(f + i) = 15/19. ĥ = 1 at both steps:
        // h_1 = 15/19, h_2 = 4/19·15/19 + 15/19 = (60 + 285)/361 = 345/361.
        NDArray y = Run(
            new MinLSTM(1, returnSequences: true), Series(0, 0), [0, 0, 0], [(Real)Math.Log(3), (Real)(-Math.Log(4)), 1]);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)(15.0 / 19), (Real)(345.0 / 361)]).Within(Tolerance));
    }

    [TestCase(0.5, 0.5)]
    [TestCase(-300, 0.5)]
    [TestCase(-10_000, 0.5)]
    public void MinLSTM_with_both_gates_closed_still_knows_their_ratio(double bias, double share)
    {
        NDArray y = Run(new MinLSTM(1), Series(0), [0, 0, 0], [(Real)bias, (Real)bias, 1]);
        Assert.That(y.Values[0], Is.EqualTo(share).Within(Tolerance));
    }

    [Test]
    public void Options_that_a_cell_cannot_have_are_refused()
    {
        const string NoRecurrentKernel =
            "recurrentInitializer, recurrentRegularizer and recurrentConstraint cannot be set, since there is no "
            + "recurrent kernel.";
        const string NoRecurrentDropout =
            "recurrentDropout must be 0, since no gate sees the state: there is nothing to drop. Use dropout, or ZoneoutCell.";
        Refused(() => new MinGRU(0), "MinGRU: units must be at least 1, but is 0.");
        Refused(() => new MinGRU(3, options: new() { RecurrentDropout = 0.1 }), $"MinGRU: {NoRecurrentDropout}");
        Refused(() => new MinLSTM(3, options: new() { RecurrentDropout = 0.1 }, name: "m"), $"MinLSTM 'm': {NoRecurrentDropout}");
        Refused(() => new MinLSTM(3, options: new() { RecurrentRegularizer = "l2" }), $"MinLSTM: {NoRecurrentKernel}");
        Refused(() => new MinGRU(3, options: new() { RecurrentInitializer = "zeros" }), $"MinGRU: {NoRecurrentKernel}");
        Refused(() => new MinGRUCell(3, options: new() { RecurrentConstraint = "non_neg" }), $"MinGRUCell: {NoRecurrentKernel}");
        Refused(
            () => new IndRNN(3, options: new() { RecurrentInitializer = "orthogonal" }),
            "IndRNN: recurrentInitializer cannot be Orthogonal, since there is one recurrent weight for each unit. Use "
            + "RandomUniform.");
        Refused(() => new MinimalGRU(3, variant: "mgu4"),
            "MinimalGRU: variant must be 'mgu' or 'mgu1' or 'mgu2' or 'mgu3', but is 'mgu4'.");
        Refused(
            () => new MinimalGRU(3, variant: "mgu3", options: new() { UseBias = false }),
            "MinimalGRU: useBias must be true with variant 'mgu3', whose gate is its bias.");
        Refused(() => new MaxAbs(-1), "MaxAbs: max_value must be a finite number of at least 0, but is -1.");
        static void Refused(Func<object> create, string message) =>
            Assert.That(() => create(), Throws.ArgumentException.With.Message.EqualTo(message));
    }

    [Test]
    public void A_config_without_a_recurrent_initializer_takes_the_uniform_one()
    {
        var layer = (IndRNN)LayerNames.Registry.Create(new ComponentConfig("IndRNN", new() { { "units", 50 } }));
        layer.Build((3, 2), seed: 1);
        Assert.That(layer.Parameters[1].Values.ToArray(), Has.All.InRange((Real)0, (Real)1));
        Assert.That(layer.Parameters[1].Values.ToArray().Distinct().Count(), Is.GreaterThan(40));
    }
}
