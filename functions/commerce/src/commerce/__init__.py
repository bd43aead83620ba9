"""What a tenant's suppliers sell through its communities: products, stock, promotions, orders, payouts."""
