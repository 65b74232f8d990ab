using Recurrent.Layers;
using Recurrent.Numerics;

namespace Recurrent.Tests.Layers;

/// <summary>Recurrent layers called by themselves: states as values, and what is wrong with states and masks, word for
/// word.</summary>
[TestFixture]
public sealed class LayerCallTests
{
    private readonly Bidirectional both = new(new LSTM(5, dropout: 0.5));

    private static readonly NDArray X = new([2, 4, 3], [.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i))]);

    private static IEnumerable<TestCaseData> WrongCells =>
    [
        new TestCaseData(
            new OddCell([], []),
            "OddCell: a cell needs at least one state, but StateSizes is empty. Name the rows of each state, the output's first.")
            .SetArgDisplayNames("no states"),
        new TestCaseData(
            new OddCell([2, 2], ["hidden"]), "OddCell: each state needs a name, but there are 2 StateSizes and 1 StateNames.")
                .SetArgDisplayNames("a name missing"),
        new TestCaseData(
            new OddCell([2, 0], ["hidden", "hidden"], output: 2),
            "OddCell: two states have the same name in StateNames; the size of a state must be at least 1, but "
            + "StateSizes[1] is 0; " +
            "OutputState must be one of the 2 states, counted from 0, but is 2.").SetArgDisplayNames("all at once"),
    ];

    [Test]
    public void A_sequence_in_pieces_gives_the_bits_that_it_gives_whole([Values("LSTM", "GRU", "SimpleRNN")] string name)
    {
        RecurrentLayer layer = Of(name);
        RecurrentOutput whole = layer.Call(X);
        RecurrentOutput first = layer.Call(Steps(X, 0, 1));
        RecurrentOutput rest = layer.Call(Steps(X, 1, 3), first.State);
        for (int b = 0; b < 2; b++)
        {
            Assert.That(first.Output[b, 0, 1], Is.EqualTo(whole.Output[b, 0, 1]));
            Assert.That(Enumerable.Range(0, 3).Select(t => rest.Output[b, t, 1]),
                Is.EqualTo(Enumerable.Range(1, 3).Select(t => whole.Output[b, t, 1])));
        }

        Assert.That(rest.State.Names, Is.EqualTo(layer.StateNames));
        foreach (string state in layer.StateNames)
        {
            Assert.That(rest.State[state].Values, Is.EqualTo(whole.State[state].Values));
        }
    }

    [Test]
    public void Masked_steps_leave_the_state_as_it_is()
    {
        RecurrentLayer layer = Of("LSTM");
        var masked = new NDArray([2, 4], [1, 0, 0, 0, 1, 1, 1, 1]);
        RecurrentState state = layer.Call(X, mask: masked).State;
        Assert.That(state["cell"][0, 2], Is.EqualTo(layer.Call(Steps(X, 0, 1)).State["cell"][0, 2]));
        Assert.That(state["cell"][1, 2], Is.EqualTo(layer.Call(X).State["cell"][1, 2]));
    }

    [Test]
    public void The_state_of_an_LSTM_has_two_names()
    {
        RecurrentLayer layer = Of("LSTM");
        var state = (LSTMState)layer.Call(X).State;
        Assert.That((state.Hidden.Shape, state.Cell.Shape), Is.EqualTo(((int[])[2, 5], (int[])[2, 5])));
        Assert.That(layer.Call(X, state).Output.Values, Is.EqualTo(layer.Call(X, layer.Call(X).State).Output.Values));
        Assert.That(
            () => (LSTMState)Of("GRU").Call(X).State,
            Throws.TypeOf<InvalidCastException>().With.Message.EqualTo(
            "An LSTM has the states hidden, cell, but this one has hidden."));
    }

    [Test]
    public void A_state_is_a_value()
    {
        var h = new NDArray(2, 5);
        var state = new RecurrentState(("hidden", h));
        h[0, 0] = 7;
        Assert.That(state["hidden"][0, 0], Is.Zero);
        state["hidden"].Values[0] = 7;
        Assert.That(state["hidden"][0, 0], Is.Zero);
        RecurrentState other = state.With("hidden", h);
        Assert.That((state["hidden"][0, 0], other["hidden"][0, 0]), Is.EqualTo((0f, 7f)));
        RecurrentState two = new RecurrentState(("hidden", new NDArray(2, 5)), ("cell", new NDArray(2, 4))).With("hidden", h);
        Assert.That((two["hidden"][0, 0], two["cell"].Shape), Is.EqualTo((7f, new[] { 2, 4 })));
        Assert.That(
            () => state["cell"],
                Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo("There is no state 'cell'. There are: hidden."));
    }

    [Test]
    public void States_that_are_none_are_refused()
    {
        Refuses(() => new RecurrentState(), "A state holds at least one array.");
        Refuses(
            () => new RecurrentState(("hidden", new NDArray(2, 3)), ("cell", new NDArray(1, 3))),
            "The state 'cell' must have shape (batch, size) with the same batch as the others, but has shape (1, 3).");
        Refuses(() => new RecurrentState(("h", new NDArray(2, 3)), ("h", new NDArray(2, 3))),
            "Two states have the same name: h, h.");
        Refuses(() => new RecurrentState(("h", new NDArray([1, 2], [0, Real.NaN]))), "The state 'h' holds NaN at index (0, 1).");
        Refuses(() => new RecurrentState(("h", new NDArray([1, 2], [Real.NaN, 0]))), "The state 'h' holds NaN at index (0, 0).");
        Refuses(() => new RecurrentState(("h", new NDArray([2, 1], [0, Real.PositiveInfinity]))),
            "The state 'h' holds an infinite value at index (1, 0).");
        Refuses(() => new RecurrentState((" ", new NDArray(1, 2))), "A state needs a name, but one of these is blank.");
        Assert.That(() => new RecurrentState(("h", null!)), Throws.ArgumentNullException);
        Assert.That(() => new RecurrentState(null!), Throws.ArgumentNullException);
        Assert.That(() => (RecurrentState)(LSTMState)null!, Throws.ArgumentNullException);
        Assert.That(() => (LSTMState)(RecurrentState)null!, Throws.ArgumentNullException);
    }

    [Test]
    public void States_of_the_wrong_count_or_shape_are_refused()
    {
        RecurrentLayer layer = Of("LSTM");
        layer.Call(X);
        Refuses(
            () => layer.Call(X, new RecurrentState(("hidden", new NDArray(2, 5)))),
            "LSTM 'reader' has 2 states (hidden, cell), but initialState has 1 state (hidden). Give a state that this layer's "
            + "call has returned, or one with these names.");
        Refuses(
            () => layer.Call(X, new LSTMState(new NDArray(2, 5), new NDArray(2, 4))),
            "LSTM 'reader' expects the state 'cell' of shape (2, 5) (batch, size), but in initialState it has shape (2, 4). "
            + "Its last axis has as many entries as the layer has units.");
        Refuses(
            () => layer.Call(X, new LSTMState(new NDArray(3, 5), new NDArray(3, 5))),
            "LSTM 'reader' expects the state 'hidden' of shape (2, 5) (batch, size), but in initialState it has shape (3, 5). "
            + "Give one row of state for each sample.");
        Refuses(
            () => layer.SetInitialState(layer.CreatePass(new((4, 3), 2, false, false)), [new(5, 2)], 0),
            "LSTM 'reader' has 2 states (hidden, cell), but 1 came. Give one matrix for each.");
        Refuses(
            () => layer.SetInitialState(layer.CreatePass(new((4, 3), 2, false, false)), [new(5, 2), new(6, 2)], 0),
            "LSTM 'reader' needs the state 'cell' as a matrix of 5 rows and at least 2 columns, since the pass has 2 samples "
            + "from column 0 on, but it is 6 × 2. Give one column for each sample.");
        Refuses(
            () => layer.GetFinalState(layer.CreatePass(new((4, 3), 2, false, false)), [new(5, 2), new(5, 2)], 1),
            "LSTM 'reader' needs the state 'hidden' as a matrix of 5 rows and at least 3 columns, since the pass has 2 samples "
            + "from column 1 on, but it is 5 × 2. Give one column for each sample.");
    }

    [Test]
    public void The_state_of_a_convolution_has_its_places_one_after_the_other_and_is_gone_on_from()
    {
        var layer = new ConvLSTM1D(2, 3, returnState: true, returnSequences: true);
        var x = new NDArray([2, 3, 5, 1], [.. Enumerable.Range(0, 30).Select(i => (Real)Math.Sin(i))]);
        NDArray Part(int first, int count) =>
            new([2, count, 5, 1],
                [.. Enumerable.Range(0, 2).SelectMany(b => x.Values.Skip((b * 15) + (first * 5)).Take(count * 5))]);
        RecurrentOutput whole = layer.Call(x);
        RecurrentOutput first = layer.Call(Part(0, 1));
        RecurrentOutput rest = layer.Call(Part(1, 2), first.State);
        Assert.That(whole.State["hidden"].Shape, Is.EqualTo((int[])[2, 6]));
        for (int b = 0; b < 2; b++)
        {
            Real[] last = [.. whole.Output.Values.Skip((b * 18) + 12).Take(6)];
            Assert.That(whole.State["hidden"].Values.Skip(b * 6).Take(6), Is.EqualTo(last));
            Assert.That(rest.Output.Values.Skip(b * 12).Take(12), Is.EqualTo(whole.Output.Values.Skip((b * 18) + 6).Take(12)));
        }

        Assert.That(rest.State["cell"].Values, Is.EqualTo(whole.State["cell"].Values));
    }

    [Test]
    public void A_mask_hides_all_places_of_a_step()
    {
        var layer = new ConvLSTM1D(2, 3);
        var x = new NDArray([2, 3, 4, 1], [.. Enumerable.Range(0, 24).Select(i => (Real)Math.Sin(i))]);
        Real[] brief = layer.Call(new NDArray([2, 2, 4, 1], [.. x.Values.Take(8), .. x.Values.Skip(12).Take(8)])).Output.Values;
        Real[] whole = layer.Call(x).Output.Values;
        Real[] masked = layer.Call(x, mask: new NDArray([2, 3], [1, 1, 1, 1, 1, 0])).Output.Values;
        Assert.That(masked.Take(4), Is.EqualTo(whole.Take(4)));
        Assert.That(masked.Skip(4), Is.EqualTo(brief.Skip(4)));
    }

    [Test]
    public void Masks_of_the_wrong_shape_are_refused()
    {
        RecurrentLayer layer = Of("LSTM");
        Refuses(
            () => layer.Call(X, mask: new NDArray(4, 2)),
            "LSTM 'reader' expects a mask of shape (2, 4) (batch, timesteps), but mask has shape (4, 2). Give one entry for "
            + "each step of each sample, 1 where it holds data and 0 where it is padding.");
        Refuses(
            () => layer.Call(X, mask: new NDArray(2, 4, 3)),
            "LSTM 'reader' expects a mask of shape (2, 4) (batch, timesteps), but mask has shape (2, 4, 3). Give one entry for "
            + "each step of each sample, 1 where it holds data and 0 where it is padding.");
        Refuses(
            () => layer.Call(X, mask: new NDArray([2, 4], [1, 1, 1, 1, 1, 0.5f, 0, 0])),
            "A mask holds 1 where a step holds data and 0 where it is padding, but mask holds 0.5 at index (1, 1).");
        Refuses(
            () => layer.Call(X, mask: new NDArray([2, 4], [2, 1, 1, 1, 1, 1, 0, 0])),
            "A mask holds 1 where a step holds data and 0 where it is padding, but mask holds 2 at index (0, 0).");
    }

    [Test]
    public void Inputs_that_do_not_fit_are_refused()
    {
        RecurrentLayer layer = Of("LSTM");
        layer.Call(X);
        Refuses(
            () => layer.Call(new NDArray(2, 4, 2)),
            "LSTM 'reader' expects 3 features, but x has shape (2, 4, 2). The last axis counts features: the layer was built "
            + "for (batch, ?, 3).");
        Refuses(
            () => layer.Call(new NDArray(0, 4, 3)),
            "LSTM 'reader' expects input of rank 3 (batch, timesteps, features), but x has shape (0, 4, 3). Give at least one "
            + "sample, and no axis of length 0.");
        Refuses(
            () => layer.Call(new NDArray([1, 1, 3], [0, Real.NaN, 0])),
            "x holds NaN in sample 0. Fill missing values first, or mask their steps and put zero there.");
        Refuses(
            () => layer.Call(new NDArray([2, 1, 3], [Real.NaN, 0, 0, 0, 0, 0])),
            "x holds NaN in sample 0. Fill missing values first, or mask their steps and put zero there.");
        Refuses(
            () => layer.Call(new NDArray([2, 1, 3], [0, 0, 0, 0, Real.NegativeInfinity, 0])),
            "x holds an infinite value in sample 1. Fill missing values first, or mask their steps and put zero there.");
        Refuses(
            () => layer.Call(new NDArray(4, 3)),
            "LSTM 'reader' expects input of rank 3 (batch, timesteps, features), but gets (batch, 3).\n" +
            "Reshape the data to (samples, timesteps, features), or set returnSequences: true on the recurrent layer before it.");
        Refuses(
            () => new IndRNN(20_000, name: "wide").Call(new NDArray(120_000, 1, 1)),
            "IndRNN 'wide' needs a matrix of 20000 values for each sample of input (batch, 1, 1), and 120000 are run together; "
            + "an array holds at most " +
            $"{Array.MaxLength}. Use a smaller batchSize, shorter sequences or fewer units.");
        Refuses(
            () => new IndRNN(20_000, name: "wide").Call(new NDArray(1, 110_000, 1), dropoutSeed: 1),
            "IndRNN 'wide' needs a matrix of 2200000000 values for each sample of input (batch, 110000, 1), and 1 are run "
            + "together; an array holds at most " +
            $"{Array.MaxLength}. Use a smaller batchSize, shorter sequences or fewer units.");
        Assert.That(() => layer.Call((NDArray)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("x"));
    }

    [Test]
    public void Without_returnState_the_output_alone_is_given()
    {
        RecurrentOutput result = new LSTM(2, name: "quiet").Call(X);
        Assert.That(result.Output.Shape, Is.EqualTo((int[])[2, 2]));
        Assert.That(
            () => result.State,
            Throws.InvalidOperationException.With.Message.EqualTo(
            "LSTM 'quiet' gives no state, because it was made with returnState: false. Set returnState: true."));
        Assert.That(
            () => result.BackwardOutput,
            Throws.InvalidOperationException.With.Message.EqualTo(
            "LSTM 'quiet' has one output. A Bidirectional with mergeMode: null has two."));
    }

    [Test]
    public void A_call_of_a_stateful_layer_keeps_nothing()
    {
        var layer = new GRU(3, stateful: true);
        Real[] once = layer.Call(X).Output.Values;
        Assert.That(layer.Call(X).Output.Values, Is.EqualTo(once));
    }

    [Test]
    public void Callers_on_many_threads_see_their_own_states_only()
    {
        RecurrentLayer layer = Of("LSTM");
        layer.Call(X);
        Real[][] expected = [.. Enumerable.Range(0, 16).Select(i => layer.Call(X, Filled(i)).Output.Values)];
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            Assert.That(layer.Call(X, Filled(i % 16)).Output.Values, Is.EqualTo(expected[i % 16])));
        Assert.That(expected[1], Is.Not.EqualTo(expected[2]));

        static RecurrentState Filled(int i)
        {
            var value = new NDArray([2, 5], [.. Enumerable.Repeat(0.1f * i, 10)]);
            return new LSTMState(value, value);
        }
    }

    [TestCaseSource(nameof(WrongCells))]
    public void Cells_whose_states_do_not_fit_together_are_refused(RecurrentCell cell, string message)
    {
        Refuses(() => new RNN(cell), message);
        Refuses(() => new StackedRNNCells([new LSTMCell(2), cell]), message);
        Refuses(() => new RNN(new StackedRNNCells(cell, new LSTMCell(2))), message);
        Refuses(() => new ZoneoutCell(cell), message);
    }

    [Test]
    public void A_stack_that_was_refused_has_taken_no_cell()
    {
        var good = new LSTMCell(2);
        Assert.That(() => new StackedRNNCells([good, new OddCell([], [])]), Throws.ArgumentException);
        Assert.That(new StackedRNNCells([good]).Cells, Is.EqualTo(new[] { good }));
    }

    [Test]
    public void Several_cells_make_a_stack()
    {
        var layer = new RNN(new StackedRNNCells(new LSTMCell(3), new GRUCell(2)), returnSequences: true, name: "two");
        Assert.That(layer.Cell, Is.TypeOf<StackedRNNCells>());
        Assert.That(layer.Call(X).Output.Shape, Is.EqualTo((int[])[2, 4, 2]));
    }

    [Test]
    public void Dropout_is_drawn_from_the_seed_of_the_call()
    {
        foreach (Func<int?, Real[]> call in (Func<int?, Real[]>[])
            [
                Call(new LSTM(5, recurrentDropout: 0.5)), Call(new GRU(5, dropout: 0.5)),
                    Call(new RNN(new ZoneoutCell(new LSTMCell(5), 0.5))),
                seed => both.Call(X, dropoutSeed: seed).Output.Values,
            ])
        {
            Real[] off = call(null);
            Real[] one = call(1);
            Assert.That(call(null), Is.EqualTo(off));
            Assert.That(call(1), Is.EqualTo(one).And.Not.EqualTo(off));
            Assert.That(call(2), Is.Not.EqualTo(one));
        }

        static Func<int?, Real[]> Call(RecurrentLayer layer) => seed => layer.Call(X, dropoutSeed: seed).Output.Values;
    }

    [Test]
    public void Steps_of_one_length_do_not_fix_that_of_others()
    {
        var layer = new LSTM(2);
        layer.Build((4, 3), seed: 1);
        Assert.That(layer.Call(new NDArray(1, 9, 3)).Output.Shape, Is.EqualTo((int[])[1, 2]));
    }

    private static RecurrentLayer Of(string name) => name switch
    {
        "LSTM" => new LSTM(5, returnSequences: true, returnState: true, name: "reader"),
        "GRU" => new GRU(5, returnSequences: true, returnState: true),
        _ => new SimpleRNN(5, returnSequences: true, returnState: true),
    };

    private static NDArray Steps(NDArray x, int first, int count)
    {
        var part = new NDArray(x.Shape[0], count, x.Shape[2]);
        for (int b = 0; b < x.Shape[0]; b++)
        {
            for (int t = 0; t < count; t++)
            {
                for (int i = 0; i < x.Shape[2]; i++)
                {
                    part[b, t, i] = x[b, first + t, i];
                }
            }
        }

        return part;
    }

    /// <summary>Messages of argument exceptions may end with the name of the argument.</summary>
    private static void Refuses(Func<object> action, string message) => Refuses((Action)(() => _ = action()), message);

    private static void Refuses(Action action, string message) => Assert.That(
        action, Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message).Or.Message.StartsWith(
            message + " (Parameter '"));

    /// <summary>A cell that says of its states what it is told.</summary>
    private sealed class OddCell(int[] sizes, string[] names, int output = 0) : RecurrentCell
    {
        public override string ClassName => "OddCell";

        public override IReadOnlyList<int> StateSizes => sizes;

        public override IReadOnlyList<string> StateNames => names;

        public override int OutputState => output;

        public override CellPass CreatePass(CellPassOptions options) => throw new NotSupportedException();

        public override void Project(CellPass pass, int firstStep, ColumnBlock x) => throw new NotSupportedException();

        public override void Forward(CellPass pass, int t) => throw new NotSupportedException();

        public override void Backward(CellPass pass, int t) => throw new NotSupportedException();

        public override void AddGradients(CellPass pass, ColumnBlock x) => throw new NotSupportedException();

        public override void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx) => throw new NotSupportedException();

        public override void Pack() => throw new NotSupportedException();

        public override Recurrent.Registration.Config GetOptions() => [];

        protected override void BuildParameters(Recurrent.Shapes.Shape step) => throw new NotSupportedException();
    }
}
