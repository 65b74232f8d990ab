using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What a recurrent layer's pass does beside what the contract checks: continuing, long sequences, vanished
/// gradients.</summary>
[TestFixture]
public sealed class RecurrentPassTests
{
    private static readonly Dictionary<string, Func<RecurrentLayer>> Layers = new()
    {
        ["SimpleRNN"] = () => new SimpleRNN(70, dropout: 0.3, recurrentDropout: 0.3, returnSequences: true),
        ["LSTM"] = () => new LSTM(70, dropout: 0.3, recurrentDropout: 0.3, returnSequences: true),
        ["LSTM with other activations"] = () => new LSTM(70, "softsign", "hard_sigmoid", dropout: 0.3, returnSequences: true),
        ["GRU"] = () => new GRU(70, dropout: 0.3, recurrentDropout: 0.3, returnSequences: true),
        ["GRU, reset before, with other activations"] = () =>
            new GRU(70, "softsign", dropout: 0.3, resetAfter: false, returnSequences: true),
        ["stack"] = () =>
            new RNN(new StackedRNNCells([new LSTMCell(70, dropout: 0.3), new GRUCell(60, dropout: 0.3)]), returnSequences: true),
        ["zoneout"] = () => new RNN(new ZoneoutCell(new LSTMCell(70, dropout: 0.3)), returnSequences: true),
    };

    private static IEnumerable<string> Names => Layers.Keys;

    // A pass that keeps nothing projects so many steps at a time that their gates have 65536 values: for an LSTM of 70 units and
    // a batch of 8, 29 steps of the 64.
    [TestCaseSource(nameof(Names))]
    public void Inputs_projected_a_few_steps_at_a_time_give_the_bits_of_all_at_once(string name)
    {
        const int Steps = 64;
        RecurrentLayer layer = Built(Layers[name](), (Steps, 3));
        SequenceBatch input = Filled((Steps, 3), batch: 8);
        Real[] expected = Forward(layer, NewPass(layer, (Steps, 3), 8, differentiable: true), input);
        Assert.That(Forward(layer, NewPass(layer, (Steps, 3), 8, differentiable: false), input), Is.EqualTo(expected));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(1000));
    }

    [Test]
    public void A_pass_that_keeps_nothing_holds_a_few_steps()
    {
        RecurrentLayer layer = Built(new LSTM(70), (64, 3));
        Assert.That(((GatedCellPass)NewPass(layer, (64, 3), 8, differentiable: false).Cell).Z.ColumnCount, Is.EqualTo(29 * 8));
        Assert.That(((GatedCellPass)NewPass(layer, (5, 3), 8, differentiable: false).Cell).Z.ColumnCount, Is.EqualTo(5 * 8));
        Assert.That(((GatedCellPass)NewPass(layer, (64, 3), 8, differentiable: true).Cell).Z.ColumnCount, Is.EqualTo(64 * 8));
        Assert.That(NewPass(layer, (64, 3), 8, differentiable: false).Cell.States[0].Values.ColumnCount, Is.EqualTo(2 * 8));
        Assert.That(NewPass(layer, (64, 3), 8, differentiable: true).Cell.States[0].Values.ColumnCount, Is.EqualTo(65 * 8));
        RecurrentLayer wide = Built(new LSTM(140), (2, 3));
        Assert.That(((GatedCellPass)NewPass(wide, (2, 3), 128, differentiable: false).Cell).Z.ColumnCount, Is.EqualTo(128));
    }

    [Test]
    public void The_final_state_of_a_pass_that_has_not_run_is_the_initial_one()
    {
        RecurrentLayer layer = Built(new LSTM(2), (3, 1));
        RecurrentPass pass = NewPass(layer, (3, 1), 2, differentiable: false);
        DenseMatrix[] states = [new(2, 2, [1, 2, 3, 4]), new(2, 2, [5, 6, 7, 8])];
        layer.SetInitialState(pass, states, 0);
        DenseMatrix[] final = [new(2, 2), new(2, 2)];
        layer.GetFinalState(pass, final, 0);
        Assert.That(final[0].Values, Is.EqualTo(states[0].Values));
        Assert.That(final[1].Values, Is.EqualTo(states[1].Values));
        Forward(layer, pass, Filled((3, 1), 2));
        layer.GetFinalState(pass, final, 0);
        Assert.That(final[0].Values, Has.None.EqualTo(1));
    }

    [Test]
    public void A_given_state_is_for_one_run()
    {
        RecurrentLayer layer = Built(new LSTM(2), (3, 1));
        SequenceBatch input = Filled((3, 1), 2);
        Real[] fromZero = Forward(layer, NewPass(layer, (3, 1), 2, differentiable: false), input);
        RecurrentPass pass = NewPass(layer, (3, 1), 2, differentiable: false);
        layer.SetInitialState(pass, [new(2, 2, [1, 2, 3, 4]), new(2, 2, [5, 6, 7, 8])], 0);
        Assert.That(layer.Forward(pass, input).Values.Values, Is.Not.EqualTo(fromZero));
        Assert.That(Forward(layer, pass, input), Is.EqualTo(fromZero), "the pass was begun anew");
    }

    // Products with a state of zeros are left out, where nothing is so small that it makes no difference: the bits are the same.
    [Test]
    public void A_run_from_zero_has_the_bits_of_one_from_next_to_nothing()
    {
        RecurrentLayer[] layers =
        [
            new LSTM(3), new GRU(3), new GRU(3, useBias: false), new GRU(3, resetAfter: false), new SimpleRNN(3),
            new PeepholeLSTM(3), new CoupledLSTM(3), new ProjectedLSTM(3, 2), new SLSTM(3), new UGRNN(3),
            new LSTM(3, recurrentDropout: 0.5),
        ];
        Shape sample = (4, 2);
        SequenceBatch input = Filled(sample, 2);
        foreach (ref Real value in input.Values.Values.AsSpan())
        {
            value = (value / 8) + (Real)0.3;
        }

        foreach (RecurrentLayer layer in layers)
        {
            Built(layer, sample).Prepare();
            Assert.That(Run(0, asked: true), Is.EqualTo(Run((Real)1e-25, asked: true)), layer.ClassName);
            Assert.That(Run(0, asked: false), Is.EqualTo(Run(0, asked: true)), layer.ClassName);

            Real[] Run(Real hidden, bool asked)
            {
                var pass = (RecurrentPass)layer.CreatePass(
                    new(sample, 2, Differentiable: true, InputGradient: true) { StateGradients = asked });
                pass.Begin(training: true, key: 1);
                Array.Fill(pass.InitialStates[0].Values, hidden);
                Real[] output = [.. layer.Forward(pass, input).Values.Values];
                var slopes = new DenseMatrix(output.Length / 2, 2, [.. output.Select(value => value + 1)]);
                DenseMatrix back = layer.Backward(pass, slopes)!;
                return [.. output, .. pass.Gradients.SelectMany(gradient => gradient.Values), .. back.Values];
            }
        }
    }

    [Test]
    public void A_layer_says_what_it_was_not_given()
    {
        Layer layer = Built(new LSTM(2), (3, 1));
        Pass pass = NewPass((RecurrentLayer)layer, (3, 1), 2, differentiable: true);
        SequenceBatch input = Filled((3, 1), 2);
        Assert.That(() => layer.CreatePass(null!), Throws.ArgumentNullException);
        Assert.That(() => layer.Forward(null!, input), Throws.ArgumentNullException);
        Assert.That(() => layer.Forward(pass, null!), Throws.ArgumentNullException);
        Assert.That(() => layer.Backward(null!, new DenseMatrix(2, 2)), Throws.ArgumentNullException);
        var stateful = (IHasStates)layer;
        Assert.That(() => stateful.SetInitialState(pass, [], 0), Throws.ArgumentException);
        Assert.That(() => stateful.GetFinalState(pass, [], 0), Throws.ArgumentException);
    }

    [Test]
    public void A_part_of_a_batch_has_its_columns_of_the_states()
    {
        RecurrentLayer layer = Built(new SimpleRNN(2), (3, 1));
        RecurrentPass pass = NewPass(layer, (3, 1), 2, differentiable: false);
        layer.SetInitialState(pass, [new DenseMatrix(2, 4, [1, 2, 3, 4, 5, 6, 7, 8])], firstColumn: 1);
        Assert.That(pass.InitialStates[0].Values, Is.EqualTo(new double[] { 3, 4, 5, 6 }));
        DenseMatrix all = new(2, 4);
        layer.GetFinalState(pass, [all], firstColumn: 2);
        Assert.That(all.Values, Is.EqualTo(new double[] { 0, 0, 0, 0, 3, 4, 5, 6 }));
    }

    [Test]
    public void A_continuing_pass_goes_on_until_it_is_begun_anew_or_given_a_state()
    {
        Shape sample = (3, 2);
        RecurrentLayer layer = Built(new LSTM(2, returnSequences: true), sample);
        var pass =
            (RecurrentPass)layer.CreatePass(new(sample, 1, Differentiable: false, InputGradient: false) { Continuing = true });
        SequenceBatch input = Filled(sample, 1);
        Real[] first = Forward(layer, pass, input);
        Real[] second = [.. layer.Forward(pass, input).Values.Values];
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(Forward(layer, pass, input), Is.EqualTo(first), "begun anew");
        layer.Forward(pass, input);
        layer.SetInitialState(pass, [new DenseMatrix(2, 1), new DenseMatrix(2, 1)], 0);
        Assert.That(layer.Forward(pass, input).Values.Values, Is.EqualTo(first), "given a state");
        Assert.That(layer.Forward(pass, input).Values.Values, Is.EqualTo(second));
    }

    [Test]
    public void A_continuing_pass_repeats_the_last_output_at_masked_steps()
    {
        Shape sample = (3, 2);
        RecurrentLayer layer = Built(new SimpleRNN(2, returnSequences: true), sample);
        var pass =
            (RecurrentPass)layer.CreatePass(new(sample, 1, Differentiable: false, InputGradient: false) { Continuing = true });
        SequenceBatch input = Filled(sample, 1);
        Real[] last = Forward(layer, pass, input)[^2..];
        input.Mask = [false, false, true];
        Real[] next = layer.Forward(pass, input).Values.Values;
        Assert.That(next[..4], Is.EqualTo((Real[])[.. last, .. last]));
        Assert.That(next[4..], Is.Not.EqualTo(last));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Going_backwards_is_going_forwards_over_the_reversed_sequence(bool masked)
    {
        Shape sample = (4, 2);
        RecurrentLayer forwards = Built(new LSTM(3, returnSequences: true), sample);
        RecurrentLayer backwards = Built(new LSTM(3, returnSequences: true, goBackwards: true), sample);
        SequenceBatch input = Filled(sample, 3);
        var reversed = new SequenceBatch(sample, 3);
        for (int t = 0; t < 4; t++)
        {
            input.Step(3 - t).Values.CopyTo(reversed.Step(t).Values);
        }

        if (masked)
        {
            input.Mask = [true, true, false, true, true, false, true, false, true, true, false, true];
            reversed.Mask = [true, false, true, true, false, true, true, true, false, true, true, false];
        }

        RecurrentPass pass = NewPass(forwards, sample, 3, differentiable: true);
        Real[] expected = Forward(forwards, pass, reversed);
        RecurrentPass backwardsPass = NewPass(backwards, sample, 3, differentiable: true);
        Assert.That(Forward(backwards, backwardsPass, input), Is.EqualTo(expected));
        Assert.That(backwards.Forward(backwardsPass, input).Mask, Is.EqualTo(input.Mask));
        Assert.That(forwards.Forward(pass, reversed).Mask, Is.EqualTo(reversed.Mask));
    }

    [Test]
    public void The_last_output_alone_has_no_mask()
    {
        RecurrentLayer layer = Built(new LSTM(3), (2, 2));
        SequenceBatch input = Filled((2, 2), 1);
        input.Mask = [true, false];
        Assert.That(layer.Forward(NewPass(layer, (2, 2), 1, differentiable: false), input).Mask, Is.Null);
    }

    [Test]
    public void A_mask_is_that_of_its_batch_and_not_of_the_batch_before([Values] bool sequences, [Values] bool zeroOutput)
    {
        Shape sample = (3, 2);
        RecurrentLayer layer = Built(new GRU(3, returnSequences: sequences, zeroOutputForMask: zeroOutput), sample);
        SequenceBatch input = Filled(sample, 2);
        RecurrentPass used = NewPass(layer, sample, 2, differentiable: true);
        Forward(layer, used, input);
        input.Mask = [false, true, false, true, false, false];
        Assert.That(Forward(layer, used, input),
            Is.EqualTo(Forward(layer, NewPass(layer, sample, 2, differentiable: true), input)));
    }

    // h_t = u·h_{t−1}. In float u = 2⁻³⁰: ∂h_3/∂h_0 = 2⁻⁹⁰ is below the bound, 2⁻⁸⁰, and ∂h_2/∂h_0 = 2⁻⁶⁰ is not. In double u =
    // 2⁻³⁴⁰ and the bound 2⁻⁹⁰⁰.
    [TestCase(2, false)]
    [TestCase(3, true)]
    public void A_gradient_that_has_vanished_is_zero(int steps, bool vanished)
    {
        double weight = Math.ScaleB(1, sizeof(Real) == 4 ? -30 : -340);
        var layer = new SimpleRNN(1, "linear", useBias: false);
        layer.Build((steps, 1), seed: 1);
        Set(layer.Parameters[0], 1);
        Set(layer.Parameters[1], (Real)weight);
        RecurrentPass pass = NewPass(layer, (steps, 1), 1, differentiable: true);
        Forward(layer, pass, Filled((steps, 1), 1));
        layer.Backward(pass, new DenseMatrix(1, 1, [1]));
        Assert.That(pass.InitialStateGradients[0][0, 0], Is.EqualTo(vanished ? 0 : weight * weight));
    }

    [Test]
    public void Cells_of_a_stack_draw_their_own_dropout_and_their_own_seeds_decide_it()
    {
        Real[] common = Output(null, null);
        Assert.That(Output(null, null), Is.EqualTo(common));
        Real[] seeded = Output(1, 2);
        Assert.That(Output(1, 2), Is.EqualTo(seeded));
        Assert.That(seeded, Is.Not.EqualTo(common));
        Assert.That(Output(2, 2), Is.Not.EqualTo(seeded));
        Assert.That(Output(1, 3), Is.Not.EqualTo(seeded));

        static Real[] Output(int? first, int? second)
        {
            RecurrentLayer layer = Built(new RNN(new StackedRNNCells([
                new SimpleRNNCell(9, dropout: 0.5, seed: first), new SimpleRNNCell(9, dropout: 0.5, seed: second)])), (4, 9));
            return Forward(layer, NewPass(layer, (4, 9), 2, differentiable: false), Filled((4, 9), 2));
        }
    }

    private static void Set(Parameter parameter, Real value)
    {
        parameter.Values.Fill(value);
        parameter.MarkChanged();
    }

    private static RecurrentLayer Built(RecurrentLayer layer, Shape sample)
    {
        layer.Build(sample, seed: 1);
        var random = new SeededRandom(3);
        foreach (Parameter parameter in layer.Parameters)
        {
            foreach (ref Real value in parameter.Values)
            {
                value = (Real)random.NextUniform(-0.3, 0.3);
            }

            parameter.MarkChanged();
        }

        return layer;
    }

    private static SequenceBatch Filled(Shape sample, int batch)
    {
        var input = new SequenceBatch(sample, batch);
        var random = new SeededRandom(4);
        foreach (ref Real value in input.Values.Values.AsSpan())
        {
            value = (Real)random.NextUniform(-1, 1);
        }

        return input;
    }

    private static RecurrentPass NewPass(RecurrentLayer layer, Shape sample, int batch, bool differentiable) =>
        (RecurrentPass)layer.CreatePass(new(sample, batch, differentiable, InputGradient: differentiable));

    private static Real[] Forward(RecurrentLayer layer, RecurrentPass pass, SequenceBatch input)
    {
        layer.Prepare();
        pass.Begin(training: true, key: 5);
        return [.. layer.Forward(pass, input).Values.Values];
    }
}
