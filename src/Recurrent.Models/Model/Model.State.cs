using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.States;
using Recurrent.Streaming;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>The state of a model as a value.</content>
public partial class Model
{
    /// <summary>
    /// Computes the model's output from a state on, and gives the state that the sequences end with: a long sequence can be
    /// predicted in pieces, whether the layers of the model are stateful or not, and for any number of sequences at once.
    /// </summary>
    /// <remarks>
    /// The pieces give what the whole gives where every layer reads from the beginning. What reads from the end, such as the
    /// backward layer of a <c>Bidirectional</c>, goes on from the piece before too, as stateful layers do.
    /// <para>
    /// The state is the caller's alone: nothing of it stays in the model, so any number of threads may call this at once, and
    /// what stateful layers carry from batch to batch is neither read nor changed.
    /// </para>
    /// </remarks>
    /// <param name="x">Inputs, one sequence a row: (samples, timesteps, features), of any number of time steps that the model
    /// takes.</param>
    /// <param name="initialState">The state to begin with, of as many sequences; null begins with zero.</param>
    /// <param name="batchSize">Samples that one thread works on at a time: memory against speed, never the result. At least
    /// 1.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The outputs, as <c>Predict</c> gives them, and the state.</returns>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="NotSupportedException">A layer carries something that is no state, as <c>Dilated</c> around a
    /// <c>Bidirectional</c> does; the message names it.</exception>
    /// <exception cref="ArgumentException">The data do not fit, or the state is of another model or another number of
    /// sequences.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public StatefulPrediction PredictWithState(
        NDArray x, ModelState? initialState = null, int batchSize = 32, CancellationToken cancellationToken = default)
    {
        using ParameterGate.Use use = Gate.Read(nameof(PredictWithState));
        new OptionCheck(nameof(PredictWithState)).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        RequireBuilt();
        if (LooksBack)
        {
            return PredictGoingOn(x, initialState, batchSize, cancellationToken);
        }

        RequireStates();
        RequireOneOutput();
        SampleSet inputs = CheckInputs(x, nameof(x));
        ModelState before = initialState ?? ZeroState(inputs.Count);
        NDArray[] states = before.RequireOf(Name, ModelState.Describe(Network), StateSlot.Of(Network), nameof(initialState));
        RequireSequences(before, inputs.Count);
        StateStore store = StateStore.CreateForAll(Network, inputs.Count);
        DenseMatrix[] matrices = [.. store.All()];
        for (int i = 0; i < matrices.Length; i++)
        {
            states[i].Values.CopyTo(matrices[i].Values, 0);
        }

        var output = (NDArray)PredictBlocks(inputs, PredictionBlock(inputs.Count, batchSize), store, cancellationToken)[0];
        long steps = inputs.SampleShapes[0].Rank > 1 || ReaderOf(0).ReadsTokens ? inputs.SampleShapes[0][0]!.Value : 1;
        return new(output, StateOf(matrices, inputs.Count, before.Steps + steps));
    }

    /// <summary>The state before the first step: zero for all layers.</summary>
    /// <param name="sequences">Number of sequences; at least 1.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="NotSupportedException">A layer carries something that is no state, as <c>Dilated</c> around a
    /// <c>Bidirectional</c> does; the message names it.</exception>
    /// <exception cref="ArgumentException">The number is below 1, or their states would be larger than an array can
    /// be.</exception>
    public ModelState ZeroState(int sequences)
    {
        new OptionCheck(nameof(ZeroState)).Positive(nameof(sequences), sequences).ThrowIfAny();
        RequireBuilt();
        if (LooksBack)
        {
            return OpenSession(sequences).State;
        }

        RequireStates();
        return StateOf([.. StateStore.CreateForAll(Network, sequences).All()], sequences, 0);
    }

    /// <summary>Whether a layer keeps something of every step for the steps that follow.</summary>
    private bool LooksBack => Enumerable.Range(0, Network.Nodes.Length).Any(
        node => Network.Nodes[node].Layer.StreamingObstacle is null && StateSlot.Cached(Network, node).Any());

    /// <summary>The same where the states grow with the sequences: by sessions that take all steps at once.</summary>
    private StatefulPrediction PredictGoingOn(
        NDArray x, ModelState? initialState, int batchSize, CancellationToken cancellationToken)
    {
        RequireOneOutput();
        int count = CheckInputs(x, nameof(x)).Count;
        StreamedModel own = Streamed(NothingGiven());
        if (initialState is not null)
        {
            initialState.RequireOf(Name, own.Descriptions, own.Plan.Slots, nameof(initialState));
            RequireSequences(initialState, count);
        }

        var outputs = new List<Real>();
        var states = new List<ModelState>();
        int[] shape = [];
        for (int start = 0; start < count; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int size = Math.Min(batchSize, count - start);
            StreamingSession session = initialState is null
                ? OpenSession(size)
                : OpenSession(initialState.Select([.. Enumerable.Range(start, size)]));
            NDArray y = session.Run(x.Slice(start, size));
            outputs.AddRange(y.Values);
            states.Add(session.State);
            shape = [count, .. y.Shape.Skip(1)];
        }

        return new(new NDArray(shape, [.. outputs]), ModelState.Join(states));
    }

    private static void RequireSequences(ModelState initialState, int count)
    {
        if (initialState.Sequences != count)
        {
            throw new ArgumentException(
                $"The state is of {initialState.Sequences} sequences, but x has {count}. Give one row of x for each sequence, "
                + "in the same order.", nameof(initialState));
        }
    }

    /// <summary>States of all layers as a value; (sequences, size) by rows is size × sequences by columns.</summary>
    private ModelState StateOf(DenseMatrix[] states, int sequences, long steps) => new(
        ModelState.Describe(Network),
        sequences,
        steps,
        [.. StateSlot.Of(Network).Select(slot => slot.Name)],
        [.. states.Select(state => new NDArray([sequences, state.RowCount], state.Values))]);

    /// <summary>Requires that everything the layers carry from step to step is a state that can be taken.</summary>
    private void RequireStates()
    {
        foreach (Layer layer in Network.Nodes.Select(node => node.Layer))
        {
            if (layer.StateObstacle is { } obstacle)
            {
                throw new NotSupportedException(
                    $"{layer.Introduction} of model '{Name}' has no state to take or to give: {obstacle}. Use Predict on whole "
                    + "sequences.");
            }
        }
    }
}
