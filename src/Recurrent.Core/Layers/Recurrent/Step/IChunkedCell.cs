using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// A cell that takes several steps as one where nothing comes between them: what it computes for them is the same to rounding.
/// Masked steps are among them. Where the chunks are depends on nothing but the number of a step, and a sample's numbers on that
/// sample alone, so that bits do not depend on how a batch is cut.
/// </summary>
internal interface IChunkedCell
{
    /// <summary>Number of steps of a chunk; the last one may be shorter.</summary>
    int ChunkSteps { get; }

    /// <summary>Some steps: from their inputs and the states before them to the states after them, the output's aside.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="firstStep">The first of the steps.</param>
    /// <param name="count">How many.</param>
    /// <param name="mask">Which samples pass a step by.</param>
    void Forward(CellPass pass, int firstStep, int count, StepMask mask);

    /// <summary>The output's state after a step of the chunk that has just been run; steps are asked for in turn.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="t">The step.</param>
    /// <param name="mask">Which samples pass a step by.</param>
    void PutOut(CellPass pass, int t, StepMask mask);

    /// <summary>
    /// Some steps backward: <see cref="CellPass.StateGradients"/> hold the gradients of the states after them, but that of the
    /// output, and receive those of the states before them.
    /// </summary>
    /// <param name="pass">The run.</param>
    /// <param name="firstStep">The first of the steps.</param>
    /// <param name="count">How many.</param>
    /// <param name="mask">Which samples pass a step by.</param>
    /// <param name="gradients">Gradients of the output's state after each of the steps; zero where a sample is masked.</param>
    void Backward(CellPass pass, int firstStep, int count, StepMask mask, ColumnBlock gradients);

    /// <summary>Computes the states after all steps of a run, which chunks compute at their ends alone.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="mask">Which samples pass a step by.</param>
    void RestoreStates(CellPass pass, StepMask mask);
}
