using Recurrent.Layers;

namespace Recurrent.Interpretability;

/// <summary>
/// Where a network is cut for a path from one input to another: at the values behind which everything has a gradient. Numbers are
/// cut where they come in, ids behind the embedding, and what is masked behind the layer that makes the mask.
/// </summary>
internal sealed class CutPoints
{
    private readonly Network network;

    public CutPoints(Network network)
    {
        this.network = network;
        List<Cut> all = [];
        foreach (Feed feed in network.Feeds)
        {
            Collect(feed.Place, feed.Input, all);
        }

        All = [.. all.DistinctBy(cut => cut.Place)];
    }

    /// <summary>The cuts.</summary>
    public IReadOnlyList<Cut> All { get; }

    private void Collect(int place, int input, List<Cut> found)
    {
        bool own = Array.IndexOf(network.OutputPlaces, place) >= 0;
        foreach (NetworkNode node in network.Nodes.Where(node => node.Reads.Contains(place)))
        {
            bool reads = node.Reads[0] == place;
            if (reads && node.Layer.IdCount is not null)
            {
                found.Add(new(node.FirstOutput, input));
            }
            else if (reads && node.Layer is Masking)
            {
                found.Add(new(node.FirstOutput, input));
            }
            else if (reads && (node.Layer.ReadsTokens || node.Layer is Discretization))
            {
                Collect(node.FirstOutput, input, found);
            }
            else
            {
                own = true;
            }
        }

        if (own)
        {
            found.Add(new(place, input));
        }
    }
}

/// <summary>A value where a network is cut.</summary>
/// <param name="Place">Its place.</param>
/// <param name="Input">The input that it comes from.</param>
internal readonly record struct Cut(int Place, int Input);
