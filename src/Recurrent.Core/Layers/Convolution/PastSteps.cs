using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The last steps that a causal window has seen, with those that come next right behind them, so that a tap sees adjacent
/// columns. It slides along a buffer twice as long and starts anew at its end, so that a step is copied twice at most.
/// </summary>
internal sealed class PastSteps
{
    private readonly DenseMatrix buffer;
    private readonly int past;
    private readonly int steps;
    private readonly int batch;
    private int start;

    /// <summary>Past steps of zero.</summary>
    /// <param name="channels">Number of channels of a step.</param>
    /// <param name="past">Number of steps to remember.</param>
    /// <param name="steps">Number of steps that come at a time.</param>
    /// <param name="batch">Number of samples.</param>
    public PastSteps(int channels, int past, int steps, int batch)
    {
        buffer = new DenseMatrix(channels, checked((past + Math.Max(past, steps)) * batch));
        this.past = past;
        this.steps = steps;
        this.batch = batch;
    }

    /// <summary>Forgets.</summary>
    public void Clear()
    {
        start = 0;
        Past.Values.Clear();
    }

    /// <summary>Puts the next steps behind the past ones, of which they then are part.</summary>
    /// <param name="next">The next steps.</param>
    /// <returns>The past steps and the next ones.</returns>
    public ColumnBlock Append(ColumnBlock next)
    {
        if ((start + past + steps) * batch > buffer.ColumnCount)
        {
            Past.Values.CopyTo(buffer.Values);
            start = 0;
        }

        var seen = new ColumnBlock(buffer, start * batch, (past + steps) * batch);
        next.Values.CopyTo(seen.Columns(past * batch, steps * batch).Values);
        start += steps;
        return seen;
    }

    /// <summary>Takes the past steps from a state: of each sample a column, the oldest step first.</summary>
    public void Read(DenseMatrix state, int firstColumn)
    {
        start = 0;
        ForEach(state, firstColumn, static (step, values) => values.CopyTo(step));
    }

    /// <summary>Gives the past steps as a state.</summary>
    public void Write(DenseMatrix state, int firstColumn) =>
        ForEach(state, firstColumn, static (step, values) => step.CopyTo(values));

    private ColumnBlock Past => new(buffer, start * batch, past * batch);

    private delegate void Copy(Span<Real> step, Span<Real> values);

    private void ForEach(DenseMatrix state, int firstColumn, Copy copy)
    {
        ColumnBlock steps = Past;
        var states = new ColumnBlock(state, firstColumn, batch);
        for (int column = 0; column < steps.ColumnCount; column++)
        {
            int step = Math.DivRem(column, batch, out int sample);
            copy(steps.Column(column), states.Column(sample).Slice(step * steps.Rows, steps.Rows));
        }
    }
}
