using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>
/// Cells that no other library has, against numbers worked by hand. Pre-activations are multiples of L = ln 3, so that gates are
/// simple fractions: σ(L) = 3/4, σ(0) = 1/2, σ(−L) = 1/4, tanh(L/2) = 1/2.
/// </summary>
[TestFixture]
public sealed class HandWorkedCellTests
{
    private const double L = 1.0986122886681098;

    // zi = L·1 − L·1 + L·2 − L = L           i = 3/4
    // zf = 2L·1 + L·1 − 3L/2·2 − L = −L      f = 1/4
    // zg = L·1 − L/2·1 + 0 = L/2             g = 1/2
    // c  = 1/4·2 + 3/4·1/2 = 7/8
    // zo = L·1 + L·1 + p_o·(7/8 or 2) − L:   with p_o = −16/7·L on c, and with p_o = −L on c', it is −L: o = 1/4
    // h  = 1/4·tanh(7/8) = 1/4·0.703906 = 0.175976
    [TestCase(false, -16.0 / 7, 0.175976)]
    [TestCase(true, -1.0, 0.175976)]

    // The other way round: zo = L − L·7/8 = L/8, o = 0.534284, h = 0.376081; zo = L − 16/7·2·L = −3.923615, o = 0.019386, h =
    // 0.013646.
    [TestCase(false, -1.0, 0.376081)]
    [TestCase(true, -16.0 / 7, 0.013646)]
    public void A_peephole_LSTM(bool outputSeesPreviousCell, double outputPeephole, double expected)
    {
        CellRun run = new CellRun(new PeepholeLSTM(1, outputSeesPreviousCell: outputSeesPreviousCell, returnSequences: true),
            [1f])
            .Set("kernel", L, 2 * L, L, L)
            .Set("recurrent_kernel", -L, L, -L / 2, L)
            .Set("bias", -L, -L, 0, -L)
            .Set("peephole_kernel", L, -1.5 * L, outputPeephole * L)
            .Start(0, 1)
            .Start(1, 2);
        AssertClose(run.Outputs(), expected);
        AssertClose(run.FinalState(1), 7.0 / 8);
    }

    // zf = 2L·1 + L·1 − 4L = −L    f = 1/4     and i = 3/4
    // zg = L·1 − L/2·1 + 0 = L/2   g = 1/2
    // zo = L·1 + L·1 − L = L       o = 3/4
    // c  = 1/4·2 + 3/4·1/2 = 7/8   h = 3/4·tanh(7/8) = 3/4·0.703906 = 0.527929
    [Test]
    public void A_coupled_LSTM()
    {
        CellRun run = new CellRun(new CoupledLSTM(1, returnSequences: true), [1f])
            .Set("kernel", 2 * L, L, L)
            .Set("recurrent_kernel", L, -L / 2, L)
            .Set("bias", -4 * L, 0, -L)
            .Start(0, 1)
            .Start(1, 2);
        AssertClose(run.Outputs(), 0.527929);
        AssertClose(run.FinalState(1), 7.0 / 8);
    }

    // a_z = L·1 − L·2 + 0 = −L             z = 1/4: a quarter of the old state is kept
    // a_h = L/2·1 + L/4·2 − L/2 = L/2      ĥ = 1/2
    // h   = 1/4·2 + 3/4·1/2 = 7/8
    // and the next step, from h' = 7/8 and x = 7/4: a_z = L·7/4 − L·7/8 = 7L/8, z = 0.723379;
    // a_h = L/2·7/4 + L/4·7/8 − L/2 = 19L/32, ĥ = tanh(0.652301) = 0.573217
    // h   = 0.723379·7/8 + 0.276621·0.573217 = 0.632957 + 0.158564 = 0.791521
    [Test]
    public void An_update_gate_RNN()
    {
        CellRun run = new CellRun(new UGRNN(1, returnSequences: true), [1f], [1.75f])
            .Set("kernel", L, L / 2)
            .Set("recurrent_kernel", -L, L / 4)
            .Set("bias", 0, -L / 2)
            .Start(0, 2);
        AssertClose(run.Outputs(), 7.0 / 8, 0.791521);
    }

    // a_1 = L·1 − 8/3·L·0 − L/2 = L/2       h = 1/2     v = 2·1/2 + L − 1 = L        y = σ(L) = 3/4
    // a_2 = L·2 − 8/3·L·3/4 − L/2 = −L/2    h = −1/2    v = −2·1/2 + L − 1 = L − 2   y = 3/(3 + e²) = 0.288765
    [Test]
    public void A_Jordan_network()
    {
        CellRun run = new CellRun(new JordanRNN(1, outputActivation: "sigmoid", returnSequences: true), [1f], [2f])
            .Set("kernel", L)
            .Set("recurrent_kernel", -8.0 / 3 * L)
            .Set("bias", -L / 2)
            .Set("output_kernel", 2)
            .Set("output_bias", L - 1);
        AssertClose(run.Outputs(), 0.75, 0.288765);
    }

    // y_1 = 1/2·2 + 3·1 − 1 = 3      a = L/2·1 + L·1 − L/2·3 + L/2 = L/2      h = 1/2
    // y_2 = 1/2·3 + 3·1/2 − 1 = 2    a = L/2·2 + L·1/2 − L/2·2 + L/2 = L      h = tanh(L) = (9 − 1)/(9 + 1) = 4/5
    [Test]
    public void A_Jordan_network_whose_output_comes_first()
    {
        CellRun run = new CellRun(new JordanRNN(1, outputFirst: true, returnSequences: true), [1f], [2f])
            .Set("kernel", L / 2)
            .Set("recurrent_kernel", L)
            .Set("bias", L / 2)
            .Set("output_kernel", 3)
            .Set("output_recurrent_kernel", 0.5)
            .Set("feedback_kernel", -L / 2)
            .Set("output_bias", -1)
            .Start(0, 1)
            .Start(1, 2);
        AssertClose(run.Outputs(), 3, 2);
        AssertClose(run.FinalState(0), 0.8);
        AssertClose(run.FinalState(1), 2);
    }

    // ε = 0.36, so that values ±0.8 with mean 0 normalise to ±0.8/√(0.64 + 0.36) = ±0.8, and ±0.45 to ±0.45/0.75 = ±0.6.
    // Rows i1 i2 f1 f2 g1 g2 o1 o2; the gains take 0.8 to L, those of g to L/2:
    //   W·x      ++−−+−+−  →   L    L   −L   −L   L/2  −L/2   L   −L
    //   U·h'     +−+−−++−  →   L   −L    L   −L  −L/2   L/2   L   −L
    //   bias                  −L    0    0    L   L/2  −L/2  −L    L
    //   z                      L    0    0   −L   L/2  −L/2   L   −L
    // gates                   3/4  1/2  1/2  1/4  1/2  −1/2  3/4  1/4
    // c_1 = 1/2·0.25 + 3/4·1/2 = 0.5      c_2 = 1/4·(−0.6) − 1/2·1/2 = −0.4      mean 0.05, ±0.45, normalised ±0.6
    // n_1 = 1·0.6 + 0.1 = 0.7             n_2 = −2·0.6 + 0.2 = −1
    // h_1 = 3/4·tanh(0.7) = 3/4·0.604368 = 0.453276     h_2 = −1/4·tanh(1) = −1/4·0.761594 = −0.190399
    [Test]
    public void A_layer_normalised_LSTM()
    {
        double[] gains = [L / 0.8, L / 0.8, L / 0.8, L / 0.8, L / 1.6, L / 1.6, L / 0.8, L / 0.8];
        double[] fromState = [0.4, -0.4, 0.4, -0.4, -0.4, 0.4, 0.4, -0.4];
        CellRun run = new CellRun(new LayerNormLSTM(2, epsilon: 0.36, returnSequences: true), [1f])
            .Set("kernel", 0.8, 0.8, -0.8, -0.8, 0.8, -0.8, 0.8, -0.8)
            .Set("recurrent_kernel", [.. fromState, .. fromState])
            .Set("bias", -L, 0, 0, L, L / 2, -L / 2, -L, L)
            .Set("kernel_gamma", gains)
            .Set("recurrent_gamma", gains)
            .Set("cell_gamma", 1, 2)
            .Set("cell_beta", 0.1, 0.2)
            .Start(0, 1, 1)
            .Start(1, 0.25, -0.6);
        AssertClose(run.Outputs(), 0.453276, -0.190399);
        AssertClose(run.FinalState(1), 0.5, -0.4);
    }

    // ε = 0.36 as above; rows z1 z2 r1 r2 in one band, h1 h2 in another.
    //   W·x      +−−+  →   L  −L  −L   L        −0.8  0.8, gain 1/2   →  −0.4   0.4
    //   U·h'     ++−−  →   L   L  −L  −L        1.45  0.55: mean 1, normalised ±0.6, gain 1, + 0.4 and 0.2  →  u = 1, −0.4
    //   bias              −L   0   L   L         0.65  −0.6
    //   gates             3/4 1/2 1/4 3/4
    // a_h1 = −0.4 + 0.65 + 1/4·1 = 0.5        a_h2 = 0.4 − 0.6 − 3/4·0.4 = −0.5       ĥ = ±tanh(0.5) = ±0.462117
    // h_1 = 3/4·1 + 1/4·0.462117 = 0.865529   h_2 = −1/2·1 − 1/2·0.462117 = −0.731059
    [Test]
    public void A_layer_normalised_GRU()
    {
        const double G = L / 0.8;
        CellRun run = new CellRun(new LayerNormGRU(2, epsilon: 0.36, returnSequences: true), [1f])
            .Set("kernel", 0.8, -0.8, -0.8, 0.8, -0.8, 0.8)
            .Set("recurrent_kernel", 0.4, 0.4, -0.4, -0.4, 1.45, 0.5, -0.4, -0.4, 0.4, 0.4, 0, -0.05)
            .Set("bias", -L, 0, L, L, 0.65, -0.6)
            .Set("kernel_gamma", G, G, G, G, 0.5, 0.5)
            .Set("recurrent_gamma", G, G, G, G, 1, 1)
            .Set("recurrent_bias", 0.4, 0.2)
            .Start(0, 1, -1);
        AssertClose(run.Outputs(), 0.865529, -0.731059);
    }

    private static void AssertClose(Real[] actual, params double[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-6), $"[{i}]");
        }
    }
}
