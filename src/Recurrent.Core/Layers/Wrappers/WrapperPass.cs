namespace Recurrent.Layers;

/// <summary>A pass of a layer that wraps others: it owns their passes, and hands on what concerns them.</summary>
public abstract class WrapperPass : Pass
{
    private Pass[] inner = [];

    private protected WrapperPass(Layer layer, PassOptions options)
        : base(layer, options)
    {
    }

    /// <summary>The pass of the (first) wrapped layer.</summary>
    internal Pass Inner => inner[0];

    /// <inheritdoc/>
    internal override double ActivityPenalty
    {
        get
        {
            double sum = 0;
            foreach (Pass pass in inner)
            {
                sum += pass.ActivityPenalty;
            }

            return sum;
        }
    }

    /// <inheritdoc/>
    internal override Real PenaltyScale
    {
        get => base.PenaltyScale;
        set
        {
            base.PenaltyScale = value;
            foreach (Pass pass in inner)
            {
                pass.PenaltyScale = value;
            }
        }
    }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        for (int i = 0; i < inner.Length; i++)
        {
            // One inside draws what it would draw by itself; of several each has draws of its own.
            inner[i].Begin(training, inner.Length == 1 ? key : Random.SeededRandom.Key(key, (ulong)(i + 1)));
        }
    }

    /// <summary>Takes the passes of the wrapped layers, made with this pass's options, so that they add to its
    /// gradients.</summary>
    /// <param name="passes">The passes.</param>
    private protected void Wrap(params Pass[] passes) => inner = passes;
}
