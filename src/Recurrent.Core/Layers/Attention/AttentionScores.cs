using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>How well each key fits a query, forward and backward, for one head of one sample at a time.</summary>
internal abstract class AttentionScores
{
    /// <summary>
    /// A factor above 0 of all scores that <see cref="Compute"/> leaves to the softmax, and <see cref="Backward"/> to its way
    /// back.
    /// </summary>
    public virtual Real Factor => 1;

    /// <summary>Takes the keys that the next queries are compared with.</summary>
    /// <param name="keys">Key width × keys.</param>
    public abstract void TakeKeys(MatrixView keys);

    /// <summary>Keys that are taken with a number stay what they are until the next call.</summary>
    /// <param name="heads">How many numbers there are.</param>
    public virtual void Hold(int heads)
    {
    }

    /// <summary>Takes keys that stay what they are.</summary>
    /// <param name="keys">Key width × keys.</param>
    /// <param name="number">Their number, from 0.</param>
    public virtual void TakeKeys(MatrixView keys, int number) => TakeKeys(keys);

    /// <summary>Takes another number of keys from now on, no more than there is room for.</summary>
    /// <param name="keys">Number of keys.</param>
    public abstract void Resize(int keys);

    /// <summary>Computes scores.</summary>
    /// <param name="queries">Key width × some queries.</param>
    /// <param name="scores">Receives them: keys × queries.</param>
    public abstract void Compute(MatrixView queries, MatrixView scores);

    /// <summary>The backward pass of <see cref="Compute"/>, for the keys that were taken last. Gradients of own parameters are
    /// added up, too.</summary>
    /// <param name="slopes">Gradient with respect to what <see cref="Compute"/> gave, keys × queries; may be overwritten.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="queryGradient">Receives the gradient with respect to them; null where nobody wants it.</param>
    /// <param name="keyGradient">The gradient with respect to the keys is added to it; null where nobody wants it.</param>
    public abstract void Backward(MatrixView slopes, MatrixView queries, MatrixView? queryGradient, MatrixView? keyGradient);
}
